import { PrismaPg } from "@prisma/adapter-pg";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import createKnex from "knex";
import pg from "pg";
import { DataSource } from "typeorm";
import { beforeAll } from "vitest";
import { drizzleDatabase } from "../../sdk/producer/drizzle.ts";
import { knexDatabase } from "../../sdk/producer/knex.ts";
import { pgDatabase } from "../../sdk/producer/pg.ts";
import { prismaDatabase } from "../../sdk/producer/prisma.ts";
import { typeormDatabase } from "../../sdk/producer/typeorm.ts";
import { PrismaClient } from "../../server/generated/prisma/client.ts";
import { useApi } from "../api/use-api.ts";
import { holdAdapter } from "./adapter-contract.ts";
import { barrierDdl, BUSINESS_TABLES } from "./business-tables.ts";
import { useCutProxy } from "./cut-proxy.ts";

const api = useApi();
const proxy = useCutProxy(() => Number(new URL(api.database.url).port));
const site = { api, proxy };

beforeAll(async () => {
  await api.database.pool.query(barrierDdl("postgresql"));
  await api.database.pool.query(BUSINESS_TABLES.postgresql);
});

/** The business database through the proxy. */
function proxied(): string {
  const url = new URL(api.database.url);
  url.port = String(proxy.port);
  return url.href;
}

async function countOrders(messageId: string): Promise<number> {
  const { rows } = await api.database.pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM orders WHERE message_id = $1",
    [messageId],
  );
  return rows[0]!.n;
}

const INSERT = "INSERT INTO orders (message_id) VALUES ($1::uuid)";
const FAIL = "SELECT 1 / 0";

function openPool(): pg.Pool {
  const pool = new pg.Pool({ connectionString: proxied(), max: 5 });
  pool.on("error", () => undefined); // an idle connection that is cut
  return pool;
}

holdAdapter("pg", site, async () => {
  const pool = openPool();
  return {
    database: pgDatabase(pool),
    insertOrder: (tx, id) => tx.query(INSERT, [id]),
    fail: (tx) => tx.query(FAIL),
    countOrders,
    close: () => pool.end(),
  };
});

holdAdapter("pg, serializable", site, async () => {
  const pool = openPool();
  return {
    database: pgDatabase(pool, { isolation: "SERIALIZABLE" }),
    insertOrder: (tx, id) => tx.query(INSERT, [id]),
    fail: (tx) => tx.query(FAIL),
    countOrders,
    close: () => pool.end(),
  };
});

holdAdapter("Prisma", site, async () => {
  const pool = openPool();
  const client = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
  return {
    database: prismaDatabase(client, { dialect: "postgresql", timeout: 10_000 }),
    insertOrder: (tx, id) => tx.$executeRawUnsafe(INSERT, id),
    fail: (tx) => tx.$queryRawUnsafe(FAIL),
    countOrders,
    close: async () => {
      await client.$disconnect();
      await pool.end();
    },
  };
});

holdAdapter("Drizzle", site, async () => {
  const pool = openPool();
  // Drizzle listens to no client of its own: without this a connection lost in a transaction ends the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    database: drizzleDatabase(drizzle({ client: pool }), { dialect: "postgresql" }),
    insertOrder: (tx, id) => tx.execute(sql`INSERT INTO orders (message_id) VALUES (${id}::uuid)`),
    fail: (tx) => tx.execute(sql.raw(FAIL)),
    countOrders,
    close: () => pool.end(),
  };
});

holdAdapter("Knex", site, async () => {
  const knex = createKnex({ client: "pg", connection: proxied(), pool: { min: 0, max: 5 } });
  return {
    database: knexDatabase(knex),
    insertOrder: (tx, id) => tx("orders").insert({ message_id: id }),
    fail: async (tx) => await tx.raw(FAIL),
    countOrders,
    close: () => knex.destroy(),
  };
});

holdAdapter("TypeORM", site, async () => {
  const source = new DataSource({ type: "postgres", url: proxied(), poolErrorHandler: () => undefined });
  await source.initialize();
  return {
    database: typeormDatabase(source),
    insertOrder: (tx, id) => tx.query(INSERT, [id]),
    fail: (tx) => tx.query(FAIL),
    countOrders,
    close: () => source.destroy(),
  };
});
