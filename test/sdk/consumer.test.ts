import { expect, test } from "vitest";
import { ackItem } from "../../sdk/contract/acks.ts";
import { RejectMessage, RetryMessage } from "../../sdk/consumer/index.ts";
import { newMessageId } from "../../sdk/producer/index.ts";
import { createTopic } from "../support/kafka.ts";
import { readValues } from "./consumer/read-values.ts";
import { eventually, gate, groupOf, SUBSCRIPTION, useConsumers } from "./consumer/use-consumers.ts";

const site = useConsumers();

test("each message is handled once, acknowledged and committed", async () => {
  const topics = await site.topics();
  const ids = await topics.send(
    Array.from({ length: 60 }, (_, i) => ({ key: `C-${i % 7}`, payload: { seq: i } })),
  );
  const running = site.start(topics);
  await eventually(() => site.receiver.items.length >= 60);
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  expect(await site.countEffects()).toBe(60);
  expect([...running.begun].sort()).toEqual([...ids].sort());
  for (const id of ids)
    expect(site.receiver.of(id)).toEqual([
      { messageId: id, subscription: SUBSCRIPTION, outcome: "acked", attempt: 1 },
    ]);
  expect(site.receiver.calls).toBeLessThan(60);
  expect(running.troubles).toEqual([]);
});

test("a message is handed over with everything that its record says", async () => {
  const topics = await site.topics(1);
  const [id] = await topics.send([
    {
      key: "Ä-1",
      payload: { total: 12 },
      attempt: 3,
      headers: { ce_subject: "A-17", "x-own": "7", traceparent: "00-1-2-01" },
    },
  ]);
  const seen: Record<string, unknown>[] = [];
  site.start(topics, {
    after: (message) => {
      seen.push({ ...message });
    },
  });
  await eventually(() => site.receiver.of(id!).length === 1);
  expect(seen[0]).toMatchObject({
    id,
    topic: topics.topic,
    subscription: SUBSCRIPTION,
    type: topics.topic,
    key: "Ä-1",
    businessKey: "A-17",
    source: "orders",
    time: new Date("2026-11-21T10:00:00.000Z"),
    contentType: "application/json",
    headers: { "x-own": "7" },
    traceparent: "00-1-2-01",
    attempt: 3,
    payload: { total: 12 },
    bytes: Buffer.from('{"total":12}'),
    record: { topic: topics.topic, partition: 0, offset: "0" },
  });
});

test("a message that comes again is skipped, and acknowledged again", async () => {
  const topics = await site.topics(1);
  const id = newMessageId();
  await topics.send([{ id }, { id }, { id: id.toUpperCase() }]);
  await topics.send([{ id, attempt: 2 }], topics.retryTopic);
  const running = site.start(topics);
  await eventually(() => site.receiver.of(id).length === 4);
  expect(await site.effects(id)).toBe(1);
  expect(running.begun).toEqual([id]);
});

test("a failure is reported with its error, the partition moves on, and nothing of it stands", async () => {
  const topics = await site.topics(1);
  const [plain, later, never, text, fine] = await topics.send(
    ["plain", "later", "never", "text", "fine"].map((fate) => ({ key: "C-1", payload: { fate } })),
  );
  site.start(topics, {
    after: ({ payload }) => {
      const { fate } = payload as { fate: string };
      if (fate === "plain") throw new RangeError("no stock of 4711");
      if (fate === "later") throw new RetryMessage("closed", { retryAfterSeconds: 90 });
      if (fate === "never") throw new RejectMessage("not an order", { type: "NotAnOrder" });
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- whatever a handler throws
      if (fate === "text") throw "just text\0";
    },
  });
  await eventually(() => site.receiver.items.length === 5);
  const [failed] = site.receiver.of(plain!);
  expect(failed).toMatchObject({
    outcome: "retry",
    attempt: 1,
    error: { type: "RangeError", message: "no stock of 4711" },
  });
  expect(failed!.error!.stack).toContain("consumer.test.ts");
  expect(failed!.retryAfterSeconds).toBeUndefined();
  expect(site.receiver.of(later!)[0]).toMatchObject({ outcome: "retry", retryAfterSeconds: 90 });
  expect(site.receiver.of(never!)[0]).toMatchObject({ outcome: "rejected", error: { type: "NotAnOrder" } });
  expect(site.receiver.of(text!)[0]).toMatchObject({
    outcome: "retry",
    error: { type: "string", message: "just text\ufffd" },
  });
  expect(site.receiver.of(fine!)[0]).toMatchObject({ outcome: "acked" });
  expect(await site.countEffects()).toBe(1);
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
});

test("a redelivery on the retry topic is handled as the attempt that it is", async () => {
  const topics = await site.topics();
  site.receiver.onItem = ({ outcome, messageId, attempt }) => {
    if (outcome === "retry")
      void topics.send([{ id: messageId, key: "C-1", attempt: attempt! + 1 }], topics.retryTopic);
  };
  const running = site.start(topics, {
    after: ({ attempt }) => {
      if (attempt < 3) throw new Error("not yet");
    },
  });
  const [id] = await topics.send([{ key: "C-1" }]);
  await eventually(() => site.receiver.of(id!).length === 3);
  expect(site.receiver.of(id!).map(({ outcome, attempt }) => `${outcome} ${attempt}`)).toEqual([
    "retry 1",
    "retry 2",
    "acked 3",
  ]);
  expect(running.begun).toEqual([id, id, id]);
  expect(await site.effects(id!)).toBe(1);
});

test("in ordered mode a failing message keeps its key waiting, and no other", async () => {
  const topics = await site.topics(1);
  const [a1, a2, b1] = await topics.send([
    { key: "A", payload: { fails: 2 } },
    { key: "A", payload: {} },
    { key: "B", payload: {} },
  ]);
  const [dead] = await topics.send([{ key: "A", payload: { fails: 99 } }]);
  const fails = new Map<string, number>();
  const running = site.start(topics, {
    ordered: true,
    retry: { maxAttempts: 3, firstDelaySeconds: 0.2, factor: 1 },
    after: ({ id, payload }) => {
      const before = fails.get(id) ?? 0;
      fails.set(id, before + 1);
      if (before < ((payload as { fails?: number }).fails ?? 0)) throw new Error(`failure ${before + 1}`);
    },
  });
  await eventually(() => site.receiver.items.length === 4);
  expect(running.begun).toEqual([a1, b1, a1, a1, a2, dead, dead, dead]);
  expect(site.receiver.of(a1!)[0]).toMatchObject({ outcome: "acked" });
  expect(site.receiver.of(dead!)[0]).toMatchObject({ outcome: "rejected", error: { message: "failure 3" } });
  expect(running.troubles.map(({ kind, messageId }) => [kind, messageId])).toEqual([
    ["failed", a1],
    ["failed", a1],
    ["failed", dead],
    ["failed", dead],
    ["failed", dead],
  ]);
});

test("keys go beside each other, each in its order, and nothing is committed above what is unfinished", async () => {
  const topics = await site.topics(1);
  const slow = gate();
  const records = Array.from({ length: 40 }, (_, i) => ({ key: `K-${i % 4}`, payload: { seq: i } }));
  const ids = await topics.send(records);
  const first = site.start(topics, {
    after: async ({ id }) => {
      if (id === ids[5]) await slow.opened; // of K-1
    },
  });
  // All of the other keys, and what came before it of its own.
  await eventually(() => site.receiver.items.length === 31);
  await eventually(async () => (await topics.lag(groupOf(topics))) === 35);
  const order = first.begun.map((id) => ids.indexOf(id));
  for (const key of [0, 1, 2, 3]) {
    const ofKey = order.filter((seq) => seq % 4 === key);
    expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
  }
  slow.open();
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  expect(await site.countEffects()).toBe(40);
});

test("acknowledgements go by the topic as the contract has them", async () => {
  const topics = await site.topics(1);
  const acks = await createTopic({ partitions: 3 });
  const [good, bad] = await topics.send([{ payload: {} }, { payload: { fails: true } }]);
  site.start(topics, {
    ack: { topic: acks },
    after: ({ payload }) => {
      if ((payload as { fails?: boolean }).fails) throw new TypeError("no");
    },
  });
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  const items = (await readValues(topics, acks, 2)).map((value) => ackItem.parse(JSON.parse(value)));
  expect(items).toEqual(
    expect.arrayContaining([
      { messageId: good, subscription: SUBSCRIPTION, outcome: "acked", attempt: 1 },
      expect.objectContaining({ messageId: bad, outcome: "retry" }),
    ]),
  );
  expect(site.receiver.items).toEqual([]);
});

test("by offset nobody is told; a failure waits in place, and what is given up is handed to onRejected", async () => {
  const topics = await site.topics(1);
  const [rejected, slow, fine] = await topics.send([
    { key: "A", payload: { fate: "reject" } },
    { key: "A", payload: { fate: "slow" } },
    { key: "A", payload: {} },
  ]);
  let failures = 2;
  const given: unknown[] = [];
  const running = site.start(topics, {
    ack: "offset",
    retry: { firstDelaySeconds: 0.05 },
    onRejected: (message, error) => given.push([message.id, (error as Error).message]),
    after: ({ payload }) => {
      const { fate } = payload as { fate?: string };
      if (fate === "reject") throw new RejectMessage("not for us");
      if (fate === "slow" && failures-- > 0) throw new Error("away");
    },
  });
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  expect(running.begun).toEqual([rejected, slow, slow, slow, fine]);
  expect(given).toEqual([[rejected, "not for us"]]);
  expect(await site.countEffects()).toBe(2);
  expect(site.receiver.items).toEqual([]);
});

test("by offset, a message that nobody takes is not passed over", async () => {
  const topics = await site.topics(1);
  const [id] = await topics.send([{ payload: {} }]);
  const running = site.start(topics, {
    ack: "offset",
    retry: { maxDelaySeconds: 1, firstDelaySeconds: 0.05 },
    after: () => {
      throw new RejectMessage("no");
    },
  });
  await eventually(() => running.begun.length === 2);
  expect(new Set(running.begun)).toEqual(new Set([id]));
  expect(await topics.lag(groupOf(topics))).toBe(1);
});

test("a record that is none of Surelay's is skipped, and told", async () => {
  const topics = await site.topics(1);
  await topics.producer.send({
    topic: topics.topic,
    messages: [{ value: "hello" }, { value: "x", headers: { ce_id: "1" } }],
  });
  const [id] = await topics.send([{}]);
  const running = site.start(topics);
  await eventually(async () => (await topics.lag(groupOf(topics))) === 0);
  expect(running.begun).toEqual([id]);
  expect(running.troubles.map(({ kind, place }) => [kind, place])).toEqual([
    ["foreign", `${topics.topic}/0/0`],
    ["foreign", `${topics.topic}/0/1`],
  ]);
});

test("a payload that is no JSON is rejected at its first attempt", async () => {
  const topics = await site.topics(1);
  const id = newMessageId();
  await topics.producer.send({ topic: topics.topic, messages: [{ value: "{", headers: { ce_id: id } }] });
  site.start(topics);
  await eventually(() => site.receiver.of(id).length === 1);
  expect(site.receiver.of(id)[0]).toMatchObject({ outcome: "rejected", error: { type: "InvalidPayload" } });
});
