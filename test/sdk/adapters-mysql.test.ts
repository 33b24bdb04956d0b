import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/mysql2";
import createKnex from "knex";
import { createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import { DataSource } from "typeorm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drizzleDatabase } from "../../sdk/producer/drizzle.ts";
import { knexDatabase } from "../../sdk/producer/knex.ts";
import { mysqlDatabase } from "../../sdk/producer/mysql2.ts";
import { newMessageId, Producer } from "../../sdk/producer/index.ts";
import { typeormDatabase } from "../../sdk/producer/typeorm.ts";
import { useApi } from "../api/use-api.ts";
import { useMariadb } from "../support/mariadb.ts";
import { holdAdapter } from "./adapter-contract.ts";
import { barrierDdl, BUSINESS_TABLES } from "./business-tables.ts";
import { useCutProxy } from "./cut-proxy.ts";

const api = useApi();
const mariadb = useMariadb();
const proxy = useCutProxy(() => mariadb.port);
const site = { api, proxy };
let direct: Pool;

beforeAll(async () => {
  direct = createPool({ uri: mariadb.url });
  await direct.query(barrierDdl("mysql"));
  await direct.query(BUSINESS_TABLES.mysql);
});
afterAll(() => direct.end());

/** The business database through the proxy. */
function proxied(): string {
  const url = new URL(mariadb.url);
  url.port = String(proxy.port);
  return url.href;
}

async function countOrders(messageId: string): Promise<number> {
  const [rows] = await direct.query<RowDataPacket[]>(
    "SELECT count(*) AS n FROM orders WHERE message_id = ?",
    [messageId],
  );
  return Number(rows[0]!.n);
}

const INSERT = "INSERT INTO orders (message_id) VALUES (?)";
const FAIL = "INSERT INTO orders (message_id) VALUES (NULL)";

holdAdapter("mysql2", site, async () => {
  const pool = createPool({ uri: proxied(), connectionLimit: 5 });
  return {
    database: mysqlDatabase(pool),
    insertOrder: (tx, id) => tx.query(INSERT, [id]),
    fail: (tx) => tx.query(FAIL),
    countOrders,
    close: () => pool.end(),
  };
});

holdAdapter("mysql2, read committed", site, async () => {
  const pool = createPool({ uri: proxied(), connectionLimit: 5 });
  return {
    database: mysqlDatabase(pool, { isolation: "READ COMMITTED" }),
    insertOrder: (tx, id) => tx.query(INSERT, [id]),
    fail: (tx) => tx.query(FAIL),
    countOrders,
    close: () => pool.end(),
  };
});

holdAdapter("Drizzle over mysql2", site, async () => {
  const pool = createPool({ uri: proxied(), connectionLimit: 5 });
  return {
    database: drizzleDatabase(drizzle({ client: pool }), { dialect: "mysql" }),
    insertOrder: (tx, id) => tx.execute(sql`INSERT INTO orders (message_id) VALUES (${id})`),
    fail: (tx) => tx.execute(sql.raw(FAIL)),
    countOrders,
    close: () => pool.end(),
  };
});

holdAdapter("Knex over mysql2", site, async () => {
  const knex = createKnex({ client: "mysql2", connection: proxied(), pool: { min: 0, max: 5 } });
  return {
    database: knexDatabase(knex),
    insertOrder: (tx, id) => tx("orders").insert({ message_id: id }),
    fail: async (tx) => await tx.raw(FAIL),
    countOrders,
    close: () => knex.destroy(),
  };
});

holdAdapter("TypeORM over mysql2", site, async () => {
  const source = new DataSource({ type: "mysql", url: proxied() });
  await source.initialize();
  return {
    database: typeormDatabase(source),
    insertOrder: (tx, id) => tx.query(INSERT, [id]),
    fail: (tx) => tx.query(FAIL),
    countOrders,
    close: () => source.destroy(),
  };
});

test("a deadlock that the work swallows is no commit, though MySQL would answer COMMIT", async () => {
  const pool = createPool({ uri: mariadb.url, connectionLimit: 3 });
  const surelay = new Producer({ url: `http://127.0.0.1:${api.port}`, key: api.client.key });
  const transact = surelay.transactIn(mysqlDatabase(pool));
  await direct.query("CREATE TABLE account (id int PRIMARY KEY, n int NOT NULL)");
  await direct.query("INSERT INTO account VALUES (1, 0), (2, 0)");
  const id = newMessageId();
  const other = await direct.getConnection();
  try {
    // The victim is the transaction that has written less: the other one gets a row more.
    await other.beginTransaction();
    await other.query("INSERT INTO account SELECT 100 + seq, 0 FROM seq_1_to_100");
    await other.query("UPDATE account SET n = 1 WHERE id = 2");
    const work = transact({ id, topic: "orders.created", payload: 1 }, async (tx) => {
      await tx.query("UPDATE account SET n = 1 WHERE id = 1");
      const waiting = other.query("UPDATE account SET n = 2 WHERE id = 1");
      await tx.query("UPDATE account SET n = 2 WHERE id = 2").catch(() => undefined); // the deadlock
      await waiting;
      await other.commit();
      await tx.query("UPDATE account SET n = 7 WHERE id = 1"); // goes on, outside any transaction
    });
    await expect(work).rejects.toMatchObject({ code: "transaction_lost" });
  } finally {
    other.release();
  }
  await surelay.close();
  expect((await api.client.get(id)).body.state).toBe("CANCELLED");
  await pool.end();
});
