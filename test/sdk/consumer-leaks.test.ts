import type { Transaction } from "kafkajs";
import { expect, test } from "vitest";
import { newMessageId } from "../../sdk/producer/index.ts";
import { recordOf, type Topics } from "./consumer/records.ts";
import { eventually, groupOf, useConsumers } from "./consumer/use-consumers.ts";

// kafkajs hands out records of aborted transactions where these interleave, and takes a key of four zero bytes for the end of
// one. The relay sends what it aborted again, under the same id: so each such message comes twice.

const site = useConsumers();
const ABORT_MARKER = Buffer.alloc(4);

async function openTransaction({
  kafka,
}: Topics): Promise<{ begin: () => Promise<Transaction>; end: () => Promise<void> }> {
  const producer = kafka.producer({
    transactionalId: newMessageId(),
    maxInFlightRequests: 1,
    idempotent: true,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  return { begin: () => producer.transaction(), end: () => producer.disconnect() };
}

async function send(
  transaction: Transaction,
  topics: Topics,
  id: string,
  key: string | Buffer,
): Promise<void> {
  const { message } = recordOf(topics.topic, { id, key, partition: 0, payload: {} });
  await transaction.send({ topic: topics.topic, messages: [message] });
}

/** Two aborted transactions, the first one ended last; then what they held, committed. */
async function interleave(topics: Topics, key: string | Buffer): Promise<string[]> {
  const ids = [newMessageId(), newMessageId(), newMessageId()];
  const [one, two] = await Promise.all([openTransaction(topics), openTransaction(topics)]);
  const first = await one.begin();
  await send(first, topics, ids[0]!, key);
  const second = await two.begin();
  await send(second, topics, ids[1]!, key);
  await second.abort();
  await send(first, topics, ids[2]!, key);
  await first.abort();
  const again = await one.begin();
  for (const id of ids) await send(again, topics, id, key);
  await again.commit();
  await Promise.all([one.end(), two.end()]);
  return ids;
}

for (const [what, key] of [
  ["interleaved aborted transactions", "C-1"],
  ["a key of four zero bytes in an aborted transaction", ABORT_MARKER],
] as const)
  test(`${what}: records that leak take effect once`, async () => {
    const topics = await site.topics(1);
    const ids = await interleave(topics, key);
    const [fence] = await topics.send([{ partition: 0 }]);
    const running = site.start(topics);
    await eventually(() => site.receiver.of(fence!).length === 1);
    await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
    const told = ids.map((id) => site.receiver.of(id).length);
    expect(Math.max(...told)).toBeGreaterThan(1); // the client does leak
    for (const id of ids) expect(await site.effects(id)).toBe(1);
    expect(running.begun.filter((id) => id !== fence).sort()).toEqual([...ids].sort());
  });

test("a committed message whose key is four zero bytes is handled like any other", async () => {
  const topics = await site.topics(1);
  const sender = await openTransaction(topics);
  const id = newMessageId();
  const transaction = await sender.begin();
  await send(transaction, topics, id, ABORT_MARKER);
  await transaction.commit();
  await sender.end();
  site.start(topics);
  await eventually(() => site.receiver.of(id).length === 1);
  expect(await site.effects(id)).toBe(1);
});
