import { createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mysqlDatabase } from "../../sdk/database/mysql2.ts";
import { newMessageId, Producer } from "../../sdk/producer/index.ts";
import { useApi } from "../api/use-api.ts";
import { useMariadb } from "../support/mariadb.ts";
import { holdAdapter } from "./adapter-contract.ts";
import { barrierDdl, BUSINESS_TABLES } from "./business-tables.ts";
import { useCutProxy } from "./cut-proxy.ts";
import { holdMysqlRigs } from "./rigs-mysql.ts";

const api = useApi();
const mariadb = useMariadb();
const proxy = useCutProxy(() => mariadb.port);
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

const site = { api, proxy, countOrders };
holdMysqlRigs((name, open) => holdAdapter(name, site, () => open(proxied())));

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
