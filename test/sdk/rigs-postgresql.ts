import { PrismaPg } from "@prisma/adapter-pg";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import createKnex from "knex";
import pg from "pg";
import { DataSource } from "typeorm";
import { drizzleDatabase } from "../../sdk/database/drizzle.ts";
import { knexDatabase } from "../../sdk/database/knex.ts";
import { pgDatabase } from "../../sdk/database/pg.ts";
import { prismaDatabase } from "../../sdk/database/prisma.ts";
import { typeormDatabase } from "../../sdk/database/typeorm.ts";
import { PrismaClient } from "../../server/generated/prisma/client.ts";
import type { HoldRig } from "./rig.ts";

const INSERT = "INSERT INTO orders (message_id) VALUES ($1::uuid)";
const FAIL = "SELECT 1 / 0";

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  pool.on("error", () => undefined); // an idle connection that is cut
  return pool;
}

/** Every library that speaks PostgreSQL. */
export function holdPostgresqlRigs(hold: HoldRig): void {
  hold("pg", async (url: string) => {
    const pool = openPool(url);
    return {
      database: pgDatabase(pool),
      insertOrder: (tx, id) => tx.query(INSERT, [id]),
      fail: (tx) => tx.query(FAIL),
      close: () => pool.end(),
    };
  });

  hold("pg, serializable", async (url: string) => {
    const pool = openPool(url);
    return {
      database: pgDatabase(pool, { isolation: "SERIALIZABLE" }),
      insertOrder: (tx, id) => tx.query(INSERT, [id]),
      fail: (tx) => tx.query(FAIL),
      close: () => pool.end(),
    };
  });

  hold("Prisma", async (url: string) => {
    const pool = openPool(url);
    const client = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
    return {
      database: prismaDatabase(client, { dialect: "postgresql", timeout: 10_000 }),
      insertOrder: (tx, id) => tx.$executeRawUnsafe(INSERT, id),
      fail: (tx) => tx.$queryRawUnsafe(FAIL),
      close: async () => {
        await client.$disconnect();
        await pool.end();
      },
    };
  });

  hold("Drizzle", async (url: string) => {
    const pool = openPool(url);
    // Drizzle listens to no client of its own: without this a connection lost in a transaction ends the process.
    pool.on("connect", (client) => client.on("error", () => undefined));
    return {
      database: drizzleDatabase(drizzle({ client: pool }), { dialect: "postgresql" }),
      insertOrder: (tx, id) => tx.execute(sql`INSERT INTO orders (message_id) VALUES (${id}::uuid)`),
      fail: (tx) => tx.execute(sql.raw(FAIL)),
      close: () => pool.end(),
    };
  });

  hold("Knex", async (url: string) => {
    const knex = createKnex({ client: "pg", connection: url, pool: { min: 0, max: 5 } });
    return {
      database: knexDatabase(knex),
      insertOrder: (tx, id) => tx("orders").insert({ message_id: id }),
      fail: async (tx) => await tx.raw(FAIL),
      close: () => knex.destroy(),
    };
  });

  hold("TypeORM", async (url: string) => {
    const source = new DataSource({ type: "postgres", url: url, poolErrorHandler: () => undefined });
    await source.initialize();
    return {
      database: typeormDatabase(source),
      insertOrder: (tx, id) => tx.query(INSERT, [id]),
      fail: (tx) => tx.query(FAIL),
      close: () => source.destroy(),
    };
  });
}
