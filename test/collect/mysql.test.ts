import { createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newMessageId } from "../../server/domain/message-id.ts";
import { outbox } from "../../sdk/producer/outbox/enqueue.ts";
import { mysqlDatabase } from "../../sdk/database/mysql2.ts";
import { readOutboxProgress } from "../../server/store/outbox-progress.ts";
import { listOutboxFailures } from "../../server/store/outbox-failures.ts";
import { findOutboxSource } from "../../server/store/outbox-sources.ts";
import { readMessage } from "../../server/store/find-messages.ts";
import { declare } from "../support/messages.ts";
import { useMariadb } from "../support/mariadb.ts";
import { countStored, outboxTableSql, storedByKey, TOPIC, useCollect } from "./collect-fixture.ts";

const fixture = useCollect();
const mariadb = useMariadb();
let pool: Pool;
const addresses: Record<string, string> = {};
const SOURCE = { kind: "mysql", connection: "SURELAY_SOURCE_MYSQL" } as const;

beforeAll(async () => {
  addresses.SURELAY_SOURCE_MYSQL = mariadb.url;
  pool = createPool({ uri: mariadb.url, connectionLimit: 8, multipleStatements: true });
  await pool.query(outboxTableSql("mysql"));
});
beforeEach(() => pool.query("TRUNCATE surelay_outbox"));
afterAll(() => pool?.end());

async function waiting(): Promise<number> {
  const [rows] = await pool.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM surelay_outbox");
  return Number(rows[0]!.n);
}
async function until(stored: number, left = 0): Promise<void> {
  const look = async () => [await countStored(fixture.store.pool), await waiting()];
  await expect.poll(look, { timeout: 20_000, interval: 10 }).toEqual([stored, left]);
}

test("what is enqueued in a transaction of MySQL becomes a message if it commits, and only then", async () => {
  await fixture.source(SOURCE);
  const database = mysqlDatabase(pool);
  const { enqueue } = outbox(database);
  const deliverAt = new Date(Date.now() + 3_600_000);
  const [id] = await database.transaction((tx) =>
    enqueue(tx, {
      topic: TOPIC,
      key: "kunde-ä's ?:x",
      type: "order.created",
      businessKey: "A\\17'",
      headers: { "x-tenant": 'sü"d' },
      payload: { amount: 10.5, name: "ß€😀" },
      deliverAt,
    }),
  );
  await database
    .transaction(async (tx) => {
      await enqueue(tx, { topic: TOPIC, payload: "never" });
      throw new Error("rolled back");
    })
    .catch(() => undefined);
  fixture.start({}, { addresses });
  await until(1);
  expect(await readMessage(fixture.store.pool, id!, null)).toMatchObject({
    key: "kunde-ä's ?:x",
    type: "order.created",
    businessKey: "A\\17'",
    headers: { "x-tenant": 'sü"d' },
    contentType: "application/json",
    state: "SCHEDULED",
    deliverAt,
  });
  const { rows } = await fixture.store.pool.query<{ payload: string }>(
    "SELECT convert_from(payload, 'UTF8') AS payload FROM message",
  );
  expect(JSON.parse(rows[0]!.payload)).toEqual({ amount: 10.5, name: "ß€😀" });
});

test("keys keep their order; bytes arrive as they were", async () => {
  await fixture.source(SOURCE);
  fixture.start({ batch: 7 }, { addresses });
  const database = mysqlDatabase(pool);
  const { enqueue } = outbox(database);
  await Promise.all(
    ["a", "b", "c"].map(async (key) => {
      for (let n = 0; n < 40; n++)
        await database.transaction((tx) => enqueue(tx, { topic: TOPIC, key, payload: n }));
    }),
  );
  await database.transaction((tx) =>
    enqueue(tx, { topic: TOPIC, key: "bytes", bytes: Buffer.from([0, 39, 92, 255]) }),
  );
  await until(121);
  const numbers = Array.from({ length: 40 }, (_, n) => String(n));
  const { rows } = await fixture.store.pool.query<{ key: string; payload: Buffer }>(
    "SELECT m.key, m.payload FROM message m JOIN message_state s USING (id) ORDER BY s.ready_seq",
  );
  for (const key of ["a", "b", "c"])
    expect(rows.filter((row) => row.key === key).map(({ payload }) => payload.toString())).toEqual(numbers);
  expect(rows.find((row) => row.key === "bytes")!.payload).toEqual(Buffer.from([0, 39, 92, 255]));
});

test("refused rows wait with their keys, others pass, and a discarded one is gone", async () => {
  await fixture.source(SOURCE);
  const row = (topic: string, key: string | null, payload: string) => [newMessageId(), topic, key, payload];
  await pool.query("INSERT INTO surelay_outbox (id, topic, message_key, payload) VALUES ?", [
    [
      row("no.such", "a", "1"),
      row("no.such", "a", "2"),
      row("no.such", null, "1"),
      row(TOPIC, "a", "1"),
      row(TOPIC, null, "1"),
      row(TOPIC, "b", "1"),
    ],
  ]);
  fixture.start({ batch: 2 }, { addresses });
  await until(3, 3);
  const { id } = (await findOutboxSource(fixture.store.pool, "business"))!;
  const failed = async () => (await listOutboxFailures(fixture.store.pool, id, 9)).map(({ key }) => key);
  await expect.poll(failed, { timeout: 20_000 }).toEqual(expect.arrayContaining(["a", null]));
  await declare(fixture.store.pool, { topic: "no.such" });
  await until(6);
  expect((await storedByKey(fixture.store.pool)).a).toEqual(["1", "1", "2"]);
});

test("Debezium's columns, with ids of text", async () => {
  await pool.query(`DROP TABLE IF EXISTS outboxevent; CREATE TABLE outboxevent (n BIGINT AUTO_INCREMENT UNIQUE, id VARCHAR(36) PRIMARY KEY,
    aggregatetype VARCHAR(255), aggregateid VARCHAR(255), type VARCHAR(255), payload JSON)`);
  await declare(fixture.store.pool, { topic: "outbox.event.order" });
  await fixture.source({ ...SOURCE, layout: "debezium", table: "outboxevent", orderColumn: "n" });
  await pool.query("INSERT INTO outboxevent (id, aggregatetype, aggregateid, type, payload) VALUES ?", [
    Array.from({ length: 12 }, (_, n) => [`row-${99 - n}`, "order", "k", "created", JSON.stringify(`n${n}`)]),
  ]);
  fixture.start({ batch: 5 }, { addresses });
  await expect.poll(() => countStored(fixture.store.pool), { timeout: 20_000 }).toBe(12);
  expect((await storedByKey(fixture.store.pool)).k).toEqual(Array.from({ length: 12 }, (_, n) => `"n${n}"`));
});

test("a table that is not there, and a user that may not enter, are told apart", async () => {
  const stranger = new URL(mariadb.url);
  stranger.username = "stranger";
  stranger.password = "geheim";
  await fixture.source({ ...SOURCE, name: "missing", table: "no_such_table" });
  await fixture.source({ ...SOURCE, name: "stranger", connection: "SURELAY_SOURCE_STRANGER" });
  fixture.start({}, { addresses: { ...addresses, SURELAY_SOURCE_STRANGER: stranger.href } });
  const faults = async () => (await readOutboxProgress(fixture.store.pool)).map(({ faultCode }) => faultCode);
  await expect.poll(faults, { timeout: 20_000 }).toEqual(["no_table", "sign_in"]);
});
