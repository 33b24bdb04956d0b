import { PrismaPg } from "@prisma/adapter-pg";
import type { Pool } from "./db.ts";
import { PrismaClient } from "./generated/prisma/client.ts";

export type Prisma = PrismaClient;

/** Prisma over a pool that is open already: one set of connections per process, closed by whoever opened the pool. */
export function createPrisma(pool: Pool): Prisma {
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
}
