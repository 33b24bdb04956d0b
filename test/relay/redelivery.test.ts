import { expect, test } from "vitest";
import { KafkaFault } from "../../server/kafka/fault.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { compareFlow, repairFlow } from "../../server/store/message-flow-upkeep.ts";
import { pauseTopic, resumeTopic } from "../../server/store/pauses.ts";
import { ackDeliveries } from "../../server/store/ack-deliveries.ts";
import { discardDeliveries } from "../../server/store/operate-deliveries.ts";
import { type DeliveryHistory, readDeliveryHistories } from "../../server/store/read-deliveries.ts";
import { storeVersion } from "../../server/store/message-versions.ts";
import { resendRejected } from "../../server/store/resend-rejected.ts";
import type { NewMessage } from "../../server/store/store-messages.ts";
import { pauseSubscription, type SubscriptionRow } from "../../server/store/subscriptions.ts";
import { findTopic, listAllTopics } from "../../server/store/topics.ts";
import { createTopic, kafkaBootstrap } from "../support/kafka.ts";
import { subscribe } from "../support/subscriptions.ts";
import { loseAnswers } from "./lose-answers.ts";
import { giveUp, queueRedeliveries } from "./queue-redeliveries.ts";
import { header, readAll } from "./read-all.ts";
import { type DeclaredTopic, useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();

interface Given extends DeclaredTopic {
  subscription: SubscriptionRow;
  messages: NewMessage[];
}

/** Messages that were sent, and a subscription whose retry and dead-letter topics are in the broker unless told otherwise. */
async function given(
  count: number,
  more: { keys?: number; bytes?: number; inBroker?: boolean; partitions?: number } = {},
): Promise<Given> {
  const { keys = 5, bytes = 0, inBroker = true, partitions = 3 } = more;
  const topic = await fixture.topic({ partitions });
  const subscription = await subscribe(fixture.database.pool, {
    topic: topic.topic,
    name: "shipping",
    deadLetterTopic: true,
    ackTimeoutSeconds: 60,
  });
  for (const own of ["retry", "dlq"])
    if (inBroker) await createTopic({ name: `${topic.topic}.shipping.${own}`, partitions });
  const messages = await fixture.store(
    topic,
    Array.from({ length: count }, (_, n) => ({
      key: `k${n % keys}`,
      headers: JSON.stringify({ tenant: "north" }),
      payload: Buffer.from(JSON.stringify({ n, pad: "x".repeat(bytes) })),
    })),
  );
  fixture.start();
  await waitForState(fixture.database.pool, topic.topicId, "SENT", count);
  return { ...topic, subscription, messages };
}

const ids = (messages: readonly NewMessage[]) => messages.map(({ id }) => id);

async function deliveriesOf({ messages }: Given): Promise<DeliveryHistory[]> {
  const found = await readDeliveryHistories(fixture.database.pool, ids(messages), 10);
  return ids(messages).map((id) => found.get(id)![0]!);
}

async function waitForEmptyQueue(): Promise<void> {
  const queued = async () => (await fixture.database.pool.query("SELECT FROM resend")).rowCount;
  await expect.poll(queued, { timeout: 40_000, interval: 25 }).toBe(0);
}

const retryOf = ({ topic }: Given) => `${topic}.shipping.retry`;

test("a redelivery goes to the subscription's own topic, says its attempt and whose it is, and is PENDING again", async () => {
  const of = await given(1);
  const [message] = of.messages as [NewMessage];
  await queueRedeliveries(fixture.database.pool, of.subscription, [message.id]);
  await waitForEmptyQueue();
  const [first] = await readAll(of.topic, kafkaBootstrap());
  const [again, ...others] = await readAll(retryOf(of), kafkaBootstrap());
  expect(others).toEqual([]);
  expect({ key: again!.key, value: again!.value, partition: again!.partition }).toEqual({
    key: first!.key,
    value: first!.value,
    partition: first!.partition,
  });
  expect(again!.headers.map(([name, value]) => [name, value?.toString()])).toEqual([
    ...first!.headers
      .filter(([name]) => name !== "surelay-attempt")
      .map(([name, value]) => [name, value?.toString()]),
    ["surelay-attempt", "2"],
    ["surelay-subscription", "shipping"],
  ]);
  expect(header(again!, "ce_type")).toBe(of.topic);
  const [delivery] = (await deliveriesOf(of)) as [DeliveryHistory];
  expect(delivery).toMatchObject({
    state: "PENDING",
    attempt: 2,
    attempts: [
      {
        kind: "redelivered",
        by: "relay",
        attempt: 2,
        brokerPartition: again!.partition,
        brokerOffset: String(again!.offset),
      },
    ],
  });
  expect(delivery.dueAt!.getTime() - delivery.movedAt.getTime()).toBe(60_000);
});

test("what an operator has made of the message is what goes out from then on, again and READY alike", async () => {
  const of = await given(1);
  const [sent] = of.messages as [NewMessage];
  await fixture.stop();
  const [refused] = (await fixture.store(of, [{ key: "k0" }])) as [NewMessage];
  await fixture.database.pool.query(
    "UPDATE message_state SET state = 'REJECTED', reason = 'for the test', moved_at = now() WHERE id = $1",
    [refused.id],
  );
  await repairFlow(fixture.database.pool); // it was written past the counters
  for (const { id } of [sent, refused])
    expect(
      await storeVersion(fixture.database.pool, {
        messageId: id,
        basedOn: 1,
        contentType: "text/plain",
        headers: JSON.stringify({ tenant: "south" }),
        payload: Buffer.from("mended"),
        editedBy: "mara",
        reason: "a typo",
        note: null,
      }),
    ).toEqual({ outcome: "stored", version: 2 });
  await queueRedeliveries(fixture.database.pool, of.subscription, [sent.id]);
  await resendRejected(fixture.database.pool, refused.id);
  fixture.start();
  await waitForEmptyQueue();
  await waitForState(fixture.database.pool, of.topicId, "SENT", 2);
  const again = (await readAll(retryOf(of), kafkaBootstrap())).at(-1)!;
  const ready = (await readAll(of.topic, kafkaBootstrap())).find((r) => header(r, "ce_id") === refused.id)!;
  for (const record of [again, ready]) {
    expect(record.value!.toString()).toBe("mended");
    expect([header(record, "tenant"), header(record, "content-type")]).toEqual(["south", "text/plain"]);
  }
});

test("redeliveries of a key stay in order, whatever step's answer is lost, and each arrives and is noted once", async () => {
  const of = await given(100);
  await fixture.stop();
  await queueRedeliveries(fixture.database.pool, of.subscription, ids(of.messages));
  const kafka = loseAnswers(fixture.kafka(), 0.05);
  fixture.start({ batch: 4 }, kafka);
  await waitForEmptyQueue();
  expect(kafka.lost).toBeGreaterThan(0);
  const seen = await readAll(retryOf(of), kafkaBootstrap());
  expect(seen.length).toBe(100);
  for (const [key, records] of groupByKey(seen))
    expect(records.map((r) => header(r, "ce_id"))).toEqual(ids(of.messages.filter((m) => m.key === key)));
  const deliveries = await deliveriesOf(of);
  expect(new Set(deliveries.map((d) => `${d.state} ${d.attempt} ${d.attempts.length}`))).toEqual(
    new Set(["PENDING 2 1"]),
  );
});

test("killed between commit and mark, the relay that takes over finds what was sent and sends nothing twice", async () => {
  const of = await given(20);
  await fixture.stop();
  await queueRedeliveries(fixture.database.pool, of.subscription, ids(of.messages));
  const dying = dieAfterCommit(fixture.kafka());
  fixture.start({}, dying);
  await expect.poll(() => dying.died, { timeout: 20_000 }).toBe(true);
  await fixture.stop();
  expect((await deliveriesOf(of)).map((d) => d.state)).toContain("WAITING");
  fixture.start();
  await waitForEmptyQueue();
  expect((await readAll(retryOf(of), kafkaBootstrap())).length).toBe(20);
  const deliveries = await deliveriesOf(of);
  expect(deliveries.every((d) => d.state === "PENDING" && d.attempts.length === 1)).toBe(true);
  expect(deliveries.some((d) => d.attempts[0]!.brokerOffset === null)).toBe(true);
});

test("a retry topic that is missing holds its redeliveries, visibly, while messages pass; it heals in order", async () => {
  const of = await given(6, { keys: 1, inBroker: false });
  await queueRedeliveries(fixture.database.pool, of.subscription, ids(of.messages));
  const held = async () =>
    (await fixture.database.pool.query("SELECT FROM resend WHERE held_at IS NOT NULL")).rowCount;
  await expect.poll(held, { timeout: 20_000 }).toBe(6);
  const faults = async () =>
    (await listAllTopics(fixture.database.pool)).filter((t) => t.faultCode !== null).map((t) => t.name);
  await expect.poll(faults).toEqual([retryOf(of)]);
  expect(await findTopic(fixture.database.pool, retryOf(of))).toBeNull(); // no topic of messages
  await fixture.store(of, [{ key: "k0" }]);
  await waitForState(fixture.database.pool, of.topicId, "SENT", 7);
  await createTopic({ name: retryOf(of), partitions: 3 });
  await waitForEmptyQueue();
  expect((await readAll(retryOf(of), kafkaBootstrap())).map((r) => header(r, "ce_id"))).toEqual(
    ids(of.messages),
  );
  await expect.poll(faults).toEqual([]);
});

test("a pause of the subscription, or of its topic, holds redeliveries and loses none", async () => {
  const of = await given(2);
  const { pool } = fixture.database;
  const held = async () => (await pool.query("SELECT FROM resend WHERE held_at IS NOT NULL")).rowCount;
  const pause = { by: "mara", reason: "repairs" };
  const ways = [
    {
      hold: () => pauseSubscription(pool, of.topic, "shipping", pause),
      release: () => pauseSubscription(pool, of.topic, "shipping", null),
    },
    {
      hold: () => pauseTopic(pool, of.topicId, pause),
      release: () => resumeTopic(pool, of.topicId),
    },
  ];
  for (const [n, { hold, release }] of ways.entries()) {
    await hold();
    await queueRedeliveries(pool, of.subscription, [of.messages[n]!.id]);
    await expect.poll(held, { timeout: 20_000 }).toBe(1);
    await release();
    await waitForEmptyQueue();
  }
  expect((await readAll(retryOf(of), kafkaBootstrap())).length).toBe(2);
});

test("a redelivery that the broker refuses for good is DEAD with its reason, and its dead letter is sent", async () => {
  const of = await given(2, { keys: 1, bytes: 30_000, partitions: 1, inBroker: false });
  await createTopic({ name: retryOf(of), partitions: 1, config: { "max.message.bytes": "20000" } });
  await createTopic({ name: `${of.topic}.shipping.dlq`, partitions: 1 });
  await queueRedeliveries(fixture.database.pool, of.subscription, [of.messages[0]!.id]);
  await waitForEmptyQueue();
  const [refused, other] = (await deliveriesOf(of)) as [DeliveryHistory, DeliveryHistory];
  expect(refused.state).toBe("DEAD");
  expect(refused.reason).toMatch(/MESSAGE_TOO_LARGE/);
  expect(refused.attempts.map(({ kind }) => kind)).toEqual(["redelivery_refused", "dead_lettered"]);
  expect(other).toMatchObject({ state: "PENDING", attempt: 1 });
  const [letter] = await readAll(`${of.topic}.shipping.dlq`, kafkaBootstrap());
  expect(header(letter!, "surelay-error-type")).toBe("redelivery_refused");
});

test("a dead letter tells why, beside all that the message said, and is sent once over lost answers", async () => {
  const of = await given(40);
  await fixture.stop();
  await giveUp(fixture.database.pool, of.subscription, ids(of.messages), {
    reason: "attempts used up",
    errorType: "PaymentDeclined",
    errorMessage: "card 4711 über Limit",
  });
  fixture.start({ batch: 8 }, loseAnswers(fixture.kafka(), 0.08));
  await waitForEmptyQueue();
  const letters = await readAll(`${of.topic}.shipping.dlq`, kafkaBootstrap());
  expect(letters.length).toBe(40);
  expect(new Set(letters.map((r) => header(r, "ce_id")))).toEqual(new Set(ids(of.messages)));
  expect(
    Object.fromEntries(
      letters[0]!.headers
        .filter(([name]) => name.startsWith("surelay-") || name === "tenant" || name === "ce_type")
        .map(([name, value]) => [name, value?.toString()]),
    ),
  ).toEqual({
    ce_type: of.topic,
    tenant: "north",
    "surelay-attempt": "1",
    "surelay-subscription": "shipping",
    "surelay-error-type": "PaymentDeclined",
    "surelay-error-message": "card 4711 über Limit",
    "surelay-error-attempts": "1",
    "surelay-dead-reason": "attempts used up",
  });
  const deliveries = await deliveriesOf(of);
  expect(deliveries.every((d) => d.state === "DEAD")).toBe(true);
  expect(new Set(deliveries.map((d) => d.attempts.map(({ kind }) => kind).join()))).toEqual(
    new Set(["dead_lettered"]),
  );
});

test("what was answered or discarded while its redelivery stood in the queue stays as it is, and is not sent again", async () => {
  const of = await given(3);
  await fixture.stop();
  await queueRedeliveries(fixture.database.pool, of.subscription, ids(of.messages));
  const [acknowledged, , dropped] = ids(of.messages) as [string, string, string];
  const said = {
    appId: null,
    outcome: "acked",
    attempt: null,
    retryAfterSeconds: null,
    failure: null,
  } as const;
  await ackDeliveries(fixture.database.pool, [
    { messageId: acknowledged, subscription: of.subscription.name, ...said },
  ]);
  const key = { messageId: dropped, subscriptionId: of.subscription.id };
  await discardDeliveries(fixture.database.pool, [key], { operator: "mara", reason: "not wanted" });
  // The consumer had the redelivery already and asks for the attempt after it.
  await fixture.database.pool.query(
    "UPDATE delivery SET attempt = 2, due_at = now() + interval '1 hour' WHERE message_id = $1",
    [of.messages[1]!.id],
  );
  fixture.start();
  await waitForEmptyQueue();
  const records = await readAll(retryOf(of), kafkaBootstrap());
  expect(records.map((record) => header(record, "ce_id"))).toEqual([of.messages[1]!.id]);
  const [acked, waiting, discarded] = (await deliveriesOf(of)) as [
    DeliveryHistory,
    DeliveryHistory,
    DeliveryHistory,
  ];
  expect([acked.state, waiting.state, waiting.attempt, discarded.state]).toEqual([
    "ACKED",
    "WAITING",
    2,
    "DISCARDED",
  ]);
  expect([acked, waiting, discarded].map(({ attempts }) => attempts.map(({ kind }) => kind))).toEqual([
    [],
    ["redelivered"],
    ["discarded"],
  ]);
});

test("after all of this the counters say what is stored", async () => {
  expect(await compareFlow(fixture.database.pool)).toEqual([]);
  expect(await compareDeliveryFlow(fixture.database.pool)).toEqual([]);
});

/** Real Kafka; the first commit has its effect, and whoever asked for it never hears of it, nor of anything after. */
function dieAfterCommit(kafka: RelayKafka): RelayKafka & { died: boolean } {
  const dying = {
    ...kafka,
    died: false,
    openProducer: async (id: string) => {
      const producer = await kafka.openProducer(id);
      const dead = () => new KafkaFault("retry", "DEAD", "the process is no more");
      return {
        begin: (partitions: Parameters<typeof producer.begin>[0]) => {
          if (dying.died) throw dead();
          return producer.begin(partitions);
        },
        send: async (batches: Parameters<typeof producer.send>[0]) => {
          const offsets = await producer.send(batches);
          dying.batch ||= batches.length > 1;
          return offsets;
        },
        commit: async () => {
          await producer.commit();
          if (!dying.batch) return;
          dying.died = true;
          throw dead();
        },
        abandon: () => producer.abandon(),
        isWornOut: () => producer.isWornOut(),
      };
    },
    batch: false,
  };
  return dying;
}

function groupByKey<R extends { key: Buffer | null }>(records: readonly R[]): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const record of records) {
    const key = record.key!.toString();
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return groups;
}
