import { expect, test } from "vitest";
import { outbox } from "../../sdk/producer/outbox/enqueue.ts";
import type { Message } from "../../sdk/producer/message.ts";
import { pgDatabase } from "../../sdk/database/pg.ts";
import { withTraceparent } from "../../sdk/client/trace-context.ts";
import { readMessage } from "../../server/store/find-messages.ts";
import { countWaiting, storedByKey, TOPIC, untilCollected, useCollect } from "./collect-fixture.ts";

const fixture = useCollect();

test("enqueue takes part in the caller's transaction and writes what the message says", async () => {
  await fixture.source();
  const database = pgDatabase(fixture.business.pool);
  const { enqueue } = outbox(database);
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const [first, second] = await withTraceparent(traceparent, () =>
    database.transaction((tx) =>
      enqueue(
        tx,
        {
          topic: TOPIC,
          key: "kunde-ä's $1 ?:x",
          type: "order.created",
          businessKey: "A\\17'",
          headers: { "x-tenant": 'sü"d\\' },
          payload: { amount: 10.5, name: "ß€😀" },
        },
        { topic: TOPIC, bytes: Buffer.from([0, 255]) },
      ),
    ),
  );
  await expect(
    database.transaction(async (tx) => {
      await enqueue(tx, { topic: TOPIC, payload: 1 });
      throw new Error("rolled back");
    }),
  ).rejects.toThrow("rolled back");
  fixture.start();
  await untilCollected(fixture, 2);
  expect(await readMessage(fixture.store.pool, first!, null)).toMatchObject({
    key: "kunde-ä's $1 ?:x",
    type: "order.created",
    businessKey: "A\\17'",
    headers: { "x-tenant": 'sü"d\\' },
    contentType: "application/json",
    traceparent,
    state: "READY",
  });
  expect(await readMessage(fixture.store.pool, second!, null)).toMatchObject({
    contentType: "application/octet-stream",
    payloadBytes: 2,
  });
  const { rows } = await fixture.store.pool.query<{ payload: Buffer }>(
    "SELECT payload FROM message WHERE id = ANY($1) ORDER BY octet_length(payload) DESC",
    [[first, second]],
  );
  expect(JSON.parse(rows[0]!.payload.toString())).toEqual({ amount: 10.5, name: "ß€😀" });
  expect([...rows[1]!.payload]).toEqual([0, 255]);
});

test("what could not be delivered is refused before anything is written", async () => {
  const database = pgDatabase(fixture.business.pool);
  const { enqueue } = outbox(database);
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  const bad: unknown[] = [
    { topic: "a b", payload: 1 },
    { topic: TOPIC },
    { topic: TOPIC, payload: 1, bytes: Buffer.from("x") },
    { topic: TOPIC, payload: 1, key: "" },
    { topic: TOPIC, payload: 1, key: "a\0b" },
    { topic: TOPIC, payload: 1, type: "\ud800" },
    { topic: TOPIC, payload: loop },
    { topic: TOPIC, payload: () => 1 },
    { topic: TOPIC, payload: 1, headers: { a: 1 } },
    { topic: TOPIC, payload: 1, deliverAt: new Date(Number.NaN) },
    { topic: TOPIC, payload: 1, id: "7c9e6679-7425-40de-944b-e07fc1f90ae7" },
  ];
  await database.transaction(async (tx) => {
    for (const message of bad)
      await expect(
        enqueue(tx, message as Message),
        JSON.stringify(Object.keys(message as object)),
      ).rejects.toMatchObject({
        code: "validation_failed",
      });
    await enqueue(tx, { topic: TOPIC, payload: null });
  });
  expect(await countWaiting(fixture.business.pool)).toBe(1);
  expect(() => outbox(database, { table: "x; DROP TABLE y" })).toThrow("no name of a table");
});

test("messages of one transaction keep their order", async () => {
  await fixture.source();
  fixture.start();
  const database = pgDatabase(fixture.business.pool);
  const { enqueue } = outbox(database);
  await database.transaction(async (tx) => {
    await enqueue(tx, { topic: TOPIC, key: "k", payload: 0 }, { topic: TOPIC, key: "k", payload: 1 });
    await enqueue(tx, { topic: TOPIC, key: "k", payload: 2 });
  });
  await untilCollected(fixture, 3);
  expect(await storedByKey(fixture.store.pool)).toEqual({ k: ["0", "1", "2"] });
});
