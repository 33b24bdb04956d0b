import pg from "pg";
import { expect, test } from "vitest";
import { newMessageId } from "../../server/domain/message-id.ts";
import { readMessage } from "../../server/store/find-messages.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { pauseOutboxSource, removeOutboxSource } from "../../server/store/outbox-sources.ts";
import { readOutboxProgress } from "../../server/store/outbox-progress.ts";
import {
  countStored,
  countWaiting,
  insertRows,
  storedByKey,
  TOPIC,
  untilCollected,
  useCollect,
  PATIENTLY,
} from "./collect-fixture.ts";

const fixture = useCollect();

test("a row becomes the message it describes, byte by byte, and is gone", async () => {
  await fixture.source();
  const id = newMessageId();
  const payload = Buffer.from([0, 1, 255, 13, 10]);
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const deliverAt = new Date(Date.now() + 3_600_000);
  await fixture.business.pool.query(
    `INSERT INTO surelay_outbox (id, topic, message_key, type, business_key, content_type, headers, traceparent, payload, deliver_at)
     VALUES ($1, $2, 'kunde-ä', 'order.created', 'A-17', 'application/x-bytes', '{"x-tenant":"süd"}', $3, $4, $5)`,
    [id, TOPIC, traceparent, payload, deliverAt],
  );
  fixture.start();
  await untilCollected(fixture, 1);
  const message = await readMessage(fixture.store.pool, id, null);
  expect(message).toMatchObject({
    id,
    app: "orders",
    topic: TOPIC,
    key: "kunde-ä",
    type: "order.created",
    businessKey: "A-17",
    contentType: "application/x-bytes",
    headers: { "x-tenant": "süd" },
    traceparent,
    state: "SCHEDULED",
    deliverAt: new Date(deliverAt.getTime()),
    decidedBy: "producer",
  });
  const { rows } = await fixture.store.pool.query<{ payload: Buffer }>("SELECT payload FROM message");
  expect(rows[0]!.payload.equals(payload)).toBe(true);
});

const isAwake = async () => {
  const { rowCount } = await fixture.business.pool.query(
    `SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 72707371 AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return rowCount === 1;
};

test("a commit wakes the sleeping collector, long before it would look by itself; a rollback leaves nothing", async () => {
  await fixture.source();
  fixture.start({ pollMs: 60_000 });
  await insertRows(fixture.business.pool, [{ payload: '"first"' }]);
  await untilCollected(fixture, 1);
  await expect.poll(isAwake, { timeout: 10_000 }).toBe(false);
  const client = await fixture.business.pool.connect();
  try {
    await client.query("BEGIN");
    await insertRows(client, [{ payload: '"never"' }]);
    await client.query("ROLLBACK");
    await client.query("BEGIN");
    await insertRows(client, [{ payload: '"second"' }]);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
  await untilCollected(fixture, 2);
  expect(await storedByKey(fixture.store.pool)).toEqual({ "": ['"first"', '"second"'] });
});

test("what was collected wakes the relay, and what operators change wakes the collectors", async () => {
  const { name } = await fixture.source();
  const listener = new pg.Client({ connectionString: fixture.store.url });
  await listener.connect();
  try {
    const heard: string[] = [];
    listener.on("notification", ({ channel }) => heard.push(channel));
    await listener.query("LISTEN surelay_ready; LISTEN surelay_collect");
    fixture.start();
    const row = { id: newMessageId() };
    for (const rows of [[{}], [row], [row, {}]]) {
      heard.length = 0;
      await insertRows(fixture.business.pool, rows); // the last ones take the way of several statements
      await expect.poll(() => heard, PATIENTLY).toContain("surelay_ready");
    }
    await pauseOutboxSource(fixture.store.pool, name, { by: "night-shift", reason: null });
    await expect.poll(() => heard, PATIENTLY).toContain("surelay_collect");
    heard.length = 0;
    await removeOutboxSource(fixture.store.pool, name);
    await expect.poll(() => heard, PATIENTLY).toContain("surelay_collect");
    heard.length = 0;
    await fixture.source();
    await expect.poll(() => heard, PATIENTLY).toContain("surelay_collect");
  } finally {
    await listener.end();
  }
});

test("while the collector is at work nobody notifies it", async () => {
  await fixture.source();
  const listener = new pg.Client({ connectionString: fixture.business.url });
  await listener.connect();
  try {
    let heard = 0;
    listener.on("notification", () => heard++);
    await listener.query("LISTEN surelay_outbox");
    fixture.start({ pollMs: 60_000 });
    await insertRows(fixture.business.pool, [{}]);
    await expect.poll(isAwake, { timeout: 10_000, interval: 5 }).toBe(true);
    heard = 0;
    for (let n = 0; n < 20; n++) await insertRows(fixture.business.pool, [{}]);
    await untilCollected(fixture, 21);
    expect(heard).toBe(0);
    await expect.poll(isAwake, { timeout: 10_000 }).toBe(false);
    await insertRows(fixture.business.pool, [{}]);
    await expect.poll(() => heard, PATIENTLY).toBe(1);
    await untilCollected(fixture, 22);
  } finally {
    await listener.end();
  }
});

test("keys keep their order through batches of any size, with writers at the same time; the counters agree", async () => {
  await fixture.source();
  fixture.start({ batch: 7, batchBytes: 64 * 1024 });
  const writers = 4;
  const rounds = 60;
  const write = async (writer: number) => {
    for (let round = 0; round < rounds; round++)
      await insertRows(
        fixture.business.pool,
        Array.from({ length: 1 + ((round * 7 + writer) % 9) }, (_, i) => ({
          key: `key-${writer}-${i % 3}`,
          payload: JSON.stringify([round, i, "x".repeat((round * 131) % 3000)]),
        })),
      );
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  let total = 0;
  for (let writer = 0; writer < writers; writer++)
    for (let round = 0; round < rounds; round++) total += 1 + ((round * 7 + writer) % 9);
  await untilCollected(fixture, total);
  const byKey = await storedByKey(fixture.store.pool);
  expect(Object.keys(byKey)).toHaveLength(writers * 3);
  for (const payloads of Object.values(byKey)) {
    const order = payloads.map(
      (text) => (JSON.parse(text) as number[])[0]! * 100 + (JSON.parse(text) as number[])[1]!,
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
  expect(await compareFlow(fixture.store.pool)).toEqual([]);
});

test("of one key, what is ordered at the business stays so, though an older transaction commits last", async () => {
  await fixture.source();
  fixture.start({ batch: 5 });
  const old = await fixture.business.pool.connect();
  try {
    await old.query("BEGIN");
    await insertRows(old, [{ key: "b", payload: "0" }]); // draws the lowest number, commits after all others
    for (let n = 0; n < 30; n++) await insertRows(fixture.business.pool, [{ key: "a", payload: String(n) }]);
    await untilCollected(fixture, 30);
    await old.query("COMMIT");
    await insertRows(fixture.business.pool, [{ key: "b", payload: "1" }]);
    await untilCollected(fixture, 32);
  } finally {
    old.release();
  }
  const byKey = await storedByKey(fixture.store.pool);
  expect(byKey.b).toEqual(["0", "1"]);
  expect(byKey.a).toEqual(Array.from({ length: 30 }, (_, n) => String(n)));
});

test("a row written again after it was collected is stored once", async () => {
  await fixture.source();
  fixture.start();
  const row = { id: newMessageId(), key: "k", payload: '{"n":1}' };
  await insertRows(fixture.business.pool, [row, row]);
  await untilCollected(fixture, 1);
  await insertRows(fixture.business.pool, [row, { key: "k", payload: '{"n":2}' }]);
  await untilCollected(fixture, 2);
  expect(await storedByKey(fixture.store.pool)).toEqual({ k: ['{"n":1}', '{"n":2}'] });
});

test("progress tells what waits, since when, and what was collected", async () => {
  await fixture.source();
  const collector = fixture.start();
  await insertRows(
    fixture.business.pool,
    Array.from({ length: 12 }, () => ({})),
  );
  await untilCollected(fixture, 12);
  const progress = async () => (await readOutboxProgress(fixture.store.pool))[0]!;
  await expect
    .poll(async () => (await progress()).rate, { timeout: 10_000, interval: 20 })
    .toBeCloseTo(12 / 60, 5);
  expect(await progress()).toMatchObject({
    owner: "collect-a",
    collected: 12,
    waiting: 0,
    oldestAt: null,
    faultCode: null,
  });
  expect(collector.report().sources).toMatchObject([
    { source: "business", failures: 0, lastBatch: { size: expect.any(Number) as number } },
  ]);
  await fixture.stop();
  expect(await progress()).toMatchObject({ owner: null, expiresInMs: null });
});

test("a paused source is left alone until it is resumed", async () => {
  const { name } = await fixture.source();
  const collector = fixture.start();
  await insertRows(fixture.business.pool, [{}]);
  await untilCollected(fixture, 1);
  await pauseOutboxSource(fixture.store.pool, name, { by: "night-shift", reason: "moving house" });
  await expect
    .poll(() => collector.report().sources[0]?.phase, { timeout: 10_000, interval: 10 })
    .toBe("paused");
  await insertRows(fixture.business.pool, [{}, {}]);
  await expect
    .poll(async () => (await readOutboxProgress(fixture.store.pool))[0]!.waiting, {
      timeout: 10_000,
      interval: 10,
    })
    .toBe(2);
  expect([await countStored(fixture.store.pool), await countWaiting(fixture.business.pool)]).toEqual([1, 2]);
  await pauseOutboxSource(fixture.store.pool, name, null);
  await untilCollected(fixture, 3);
});
