import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { OutboxTable } from "../../server/sources/outbox-table.ts";
import { listOutboxFailures } from "../../server/store/outbox-failures.ts";
import { findOutboxSource } from "../../server/store/outbox-sources.ts";
import { declare } from "../support/messages.ts";
import { countStored, countWaiting, storedByKey, useCollect } from "./collect-fixture.ts";

const fixture = useCollect();
const TABLE = "outboxevent";

async function makeTable(extra = ""): Promise<void> {
  await fixture.business.pool.query(`DROP TABLE IF EXISTS ${TABLE};
    CREATE TABLE ${TABLE} (id uuid PRIMARY KEY, aggregatetype varchar(255) NOT NULL, aggregateid varchar(255) NOT NULL,
      type varchar(255) NOT NULL, payload jsonb${extra})`);
  await declare(fixture.store.pool, { topic: "outbox.event.order" });
}

const insert = (rows: { id?: string; key: string; payload: string | null; type?: string }[]) =>
  fixture.business.pool.query(
    `INSERT INTO ${TABLE} (id, aggregatetype, aggregateid, type, payload)
     SELECT id, 'order', key, 'order.' || type, payload FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) AS x(id, key, type, payload)`,
    [
      rows.map(({ id }) => id ?? randomUUID()),
      rows.map(({ key }) => key),
      rows.map(({ type }) => type ?? "created"),
      rows.map(({ payload }) => payload),
    ],
  );

async function until(stored: number, waiting: number): Promise<void> {
  const look = async () => [
    await countStored(fixture.store.pool),
    await countWaiting(fixture.business.pool, TABLE),
  ];
  await expect.poll(look, { timeout: 20_000, interval: 10 }).toEqual([stored, waiting]);
}

test("rows of Debezium's columns become messages of its topics and keys, their id kept in a header", async () => {
  await makeTable();
  await fixture.source({ layout: "debezium", table: TABLE });
  const id = randomUUID();
  await insert([{ id, key: "17", payload: '{"amount": 10.00}' }]);
  fixture.start();
  await until(1, 0);
  const { rows } = await fixture.store.pool.query<Record<string, unknown>>(
    `SELECT m.id::text, t.name AS topic, m.key, m.type, m.content_type, m.headers, convert_from(m.payload, 'UTF8') AS payload
     FROM message m JOIN topic t ON t.id = m.topic_id`,
  );
  expect(rows).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/) as string,
      topic: "outbox.event.order",
      key: "17",
      type: "order.created",
      content_type: "application/json",
      headers: { id },
      payload: '{"amount": 10.00}',
    },
  ]);
});

test("in order of the column that is named, on the topic of the pattern", async () => {
  await makeTable(", n bigserial, written timestamptz DEFAULT clock_timestamp()");
  await declare(fixture.store.pool, { topic: "shop.order.v1" });
  await fixture.source({
    layout: "debezium",
    table: `public.${TABLE}`,
    topicPattern: "shop.${routedByValue}.v1",
    orderColumn: "n",
  });
  fixture.start({ batch: 4 });
  for (let n = 0; n < 30; n++) await insert([{ key: `k${n % 2}`, payload: String(n) }]);
  await until(30, 0);
  const numbers = Array.from({ length: 30 }, (_, n) => String(n));
  expect(await storedByKey(fixture.store.pool)).toEqual({
    k0: numbers.filter((n) => Number(n) % 2 === 0),
    k1: numbers.filter((n) => Number(n) % 2 === 1),
  });
});

test("ids that say nothing about time are stored once all the same, though the source is cut after the store's commit", async () => {
  await makeTable();
  await fixture.source({ layout: "debezium", table: TABLE });
  await insert(Array.from({ length: 20 }, (_, n) => ({ key: "k", payload: String(n) })));
  let cuts = 0;
  const failOnce = (table: OutboxTable): OutboxTable => ({
    ...table,
    place: table.place,
    remove: async (refs) => {
      if (refs.length > 0 && cuts < 3) {
        cuts++;
        throw new Error("cut before the delete");
      }
      await table.remove(refs);
    },
  });
  fixture.start({ batch: 6 }, { wrapTable: failOnce });
  await until(20, 0);
  expect(cuts).toBe(3);
});

test("what has no payload is refused: a message is none", async () => {
  await makeTable();
  await fixture.source({ layout: "debezium", table: TABLE });
  await insert([
    { key: "a", payload: null },
    { key: "b", payload: "1" },
  ]);
  fixture.start();
  const { id } = (await findOutboxSource(fixture.store.pool, "business"))!;
  await expect
    .poll(() => listOutboxFailures(fixture.store.pool, id, 9), { timeout: 20_000 })
    .toMatchObject([
      { key: "a", topic: "outbox.event.order", detail: expect.stringContaining("NULL") as string },
    ]);
  await until(1, 1);
});
