import kafkajs from "kafkajs";
import { expect, test } from "vitest";
import { pauseTopic, resumeTopic } from "../../server/store/pauses.ts";
import { findOpenResend, queueResend } from "../../server/store/resend.ts";
import type { NewMessage } from "../../server/store/store-messages.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { loseAnswers } from "./lose-answers.ts";
import { header, readAll } from "./read-all.ts";
import { type DeclaredTopic, useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();

const keyed = (count: number, keys: number, bytes = 0): Partial<NewMessage>[] =>
  Array.from({ length: count }, (_, n) => ({
    key: `k${n % keys}`,
    payload: Buffer.from(JSON.stringify({ n, pad: "x".repeat(bytes) })),
  }));

const ask = (messageId: string) =>
  queueResend(fixture.database.pool, { messageId, askedBy: "mara", reason: "the consumer lost it" });

async function waitForEmptyQueue(): Promise<void> {
  const open = async () => {
    const { rows } = await fixture.database.pool.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM resend",
    );
    return rows[0]!.n;
  };
  await expect.poll(open, { timeout: 40_000, interval: 25 }).toBe(0);
}

async function eventsOf(kind: string, topic: DeclaredTopic) {
  const { rows } = await fixture.database.pool.query<{ id: string; detail: Record<string, unknown> }>(
    `SELECT e.message_id AS id, e.detail FROM message_event e JOIN message_state s ON s.id = e.message_id
     WHERE e.kind = $1 AND s.topic_id = $2 ORDER BY e.n`,
    [kind, topic.topicId],
  );
  return rows;
}

test("a message that was sent is sent once more, with its attempt, and notes where it lies", async () => {
  const topic = await fixture.topic();
  const [message] = await fixture.store(topic, keyed(1, 1));
  fixture.start();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 1);
  for (const attempt of [2, 3]) {
    expect(await ask(message!.id)).toMatchObject({ outcome: "queued", attempt });
    await waitForEmptyQueue();
  }
  const records = await readAll(topic.topic, kafkaBootstrap());
  expect(records.map((r) => header(r, "surelay-attempt"))).toEqual(["1", "2", "3"]);
  expect(new Set(records.map((r) => r.partition)).size).toBe(1);
  const withoutAttempt = records.map(({ key, value, headers }) => ({
    key,
    value,
    headers: headers.filter(([name]) => name !== "surelay-attempt"),
  }));
  expect(withoutAttempt[1]).toEqual(withoutAttempt[0]);
  expect(withoutAttempt[2]).toEqual(withoutAttempt[0]);
  const { partition } = records[0]!;
  expect((await eventsOf("resend_sent", topic)).map((e) => e.detail)).toEqual(
    [2, 3].map((attempt, i) => ({
      attempt,
      partition,
      offset: String(records[i + 1]!.offset),
      askedBy: "mara",
    })),
  );
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 1);
});

test("resends stand in one line with what is ready, behind what was ready before them", async () => {
  const topic = await fixture.topic({ partitions: 1 });
  const sent = await fixture.store(topic, keyed(2, 1));
  fixture.start();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 2);
  await fixture.stop();
  const third = await fixture.store(topic, [{ key: "k0" }]);
  await ask(sent[0]!.id);
  const fourth = await fixture.store(topic, [{ key: "k0" }]);
  await ask(sent[1]!.id);
  const fifth = await fixture.store(topic, [{ key: "k0" }]);
  fixture.start({ batch: 2 });
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 5);
  await waitForEmptyQueue();
  const order = (await readAll(topic.topic, kafkaBootstrap())).map((r) => header(r, "ce_id"));
  expect(order).toEqual(
    [...sent, ...third, sent[0], ...fourth, sent[1], ...fifth].map((message) => message!.id),
  );
});

test("whatever step's answer is lost, each resend arrives once and is noted once", async () => {
  const topic = await fixture.topic();
  const messages = await fixture.store(topic, keyed(300, 9));
  const kafka = loseAnswers(fixture.kafka(), 0.05);
  fixture.start({ batch: 8 }, kafka);
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 300);
  const lostBefore = kafka.lost;
  for (const message of messages.filter((_, i) => i % 2 === 0)) await ask(message.id);
  await fixture.store(topic, keyed(100, 9));
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 400);
  await waitForEmptyQueue();
  expect(kafka.lost).toBeGreaterThan(lostBefore);

  const seen = (await readAll(topic.topic, kafkaBootstrap())).map(
    (r) => `${header(r, "ce_id")} ${header(r, "surelay-attempt")}`,
  );
  expect(seen.length).toBe(550);
  expect(new Set(seen).size).toBe(550);
  expect(seen.filter((s) => s.endsWith(" 2")).length).toBe(150);
  const noted = (await eventsOf("resend_sent", topic)).map((e) => e.id);
  expect(noted.length).toBe(150);
  expect(new Set(noted).size).toBe(150);
});

test("a resend that the broker refuses leaves the queue with its reason; message and lane are none the worse", async () => {
  const topic = await fixture.topic({ partitions: 1 });
  const [message, small] = await fixture.store(topic, [...keyed(1, 1, 30_000), ...keyed(1, 1)]);
  fixture.start();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 2);
  await fixture.stop(); // a relay that starts anew knows the topic's new limit at once
  await limitTopic(topic.topic, 20_000);
  await ask(message!.id);
  await ask(small!.id);
  fixture.start();
  await waitForEmptyQueue();
  const refused = await eventsOf("resend_refused", topic);
  expect(refused).toMatchObject([{ id: message!.id, detail: { attempt: 2, askedBy: "mara" } }]);
  expect(refused[0]!.detail.reason).toMatch(/MESSAGE_TOO_LARGE/);
  expect((await eventsOf("resend_sent", topic)).map((e) => e.id)).toEqual([small!.id]);
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 2);
});

test("a resend of a paused topic is held with its messages, and passes in order when the topic is resumed", async () => {
  const topic = await fixture.topic({ partitions: 1 });
  const sent = await fixture.store(topic, keyed(1, 1));
  fixture.start();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 1);
  await pauseTopic(fixture.database.pool, topic.topicId, { by: "mara", reason: null });
  const held = await fixture.store(topic, keyed(3, 1));
  await ask(sent[0]!.id);
  const openResend = () => findOpenResend(fixture.database.pool, sent[0]!.id);
  await expect.poll(async () => (await openResend())?.heldAt, { timeout: 20_000 }).toBeInstanceOf(Date);
  await resumeTopic(fixture.database.pool, topic.topicId);
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 4);
  await waitForEmptyQueue();
  const order = (await readAll(topic.topic, kafkaBootstrap())).map((r) => header(r, "ce_id"));
  expect(order).toEqual([...sent, ...held, ...sent].map((message) => message.id));
});

test("of many who ask at once one is heard, and what never was in the broker is not asked for", async () => {
  const topic = await fixture.topic();
  const [message] = await fixture.store(topic, keyed(1, 1));
  expect(await ask(message!.id)).toEqual({ outcome: "wrong_state", state: "READY" });
  expect(await ask("0193a0b0-0000-7000-8000-000000000000")).toEqual({ outcome: "not_found" });
  fixture.start();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 1);
  await fixture.stop();
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(message!.id)));
  expect(answers.map((a) => a.outcome).toSorted()).toEqual([
    ...Array.from({ length: 7 }, () => "already_queued"),
    "queued",
  ]);
  expect(await ask(message!.id)).toEqual({ outcome: "already_queued" });
  expect(await findOpenResend(fixture.database.pool, message!.id)).toMatchObject({
    attempt: 2,
    askedBy: "mara",
  });
  await fixture.database.pool.query("DELETE FROM resend");
});

async function limitTopic(topic: string, bytes: number): Promise<void> {
  const admin = new kafkajs.Kafka({
    brokers: [kafkaBootstrap()],
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  await admin.connect();
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: [{ name: "max.message.bytes", value: String(bytes) }],
      },
    ],
  });
  await admin.disconnect();
}
