import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../server/config/config.ts";
import { completeSubscription, type SubscriptionDraft } from "../../server/domain/subscription.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";
import { createTopicAdmin } from "../../server/kafka/topic-admin.ts";
import { silentLog } from "../../server/log.ts";
import { TopicIds } from "../../server/services/intake/topic-ids.ts";
import type { Acting } from "../../server/services/registry/acting.ts";
import type { ConsoleBroker } from "../../server/services/registry/require-broker.ts";
import { changeSubscription } from "../../server/services/subscriptions/change-subscription.ts";
import { declareSubscription } from "../../server/services/subscriptions/declare-subscription.ts";
import { listSubscriptions } from "../../server/services/subscriptions/list-subscriptions.ts";
import { pauseSubscription } from "../../server/services/subscriptions/pause-subscription.ts";
import { readSubscription } from "../../server/services/subscriptions/read-subscription.ts";
import { removeSubscription } from "../../server/services/subscriptions/remove-subscription.ts";
import { subscriptionForm, subscriptionOf } from "../../server/services/subscriptions/subscription-form.ts";
import { applyTopology } from "../../server/services/topology/apply-topology.ts";
import { brokerTopics } from "../../server/services/topology/broker-topics.ts";
import { parseTopology } from "../../server/services/topology/parse-topology.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { listAllTopics, listTopics, setTopicFault } from "../../server/store/topics.ts";
import { useDatabase } from "../support/database.ts";
import { createTopic, kafkaBootstrap, uniqueTopic } from "../support/kafka.ts";
import { declare, newMessage } from "../support/messages.ts";

const config = readConfig({});
const database = useDatabase();
let kafka: RelayKafka;
let broker: ConsoleBroker;
beforeAll(() => {
  const options = { brokers: [kafkaBootstrap()], clientId: "subscriptions-test", log: silentLog };
  kafka = createRelayKafka(options);
  broker = { topics: brokerTopics(kafka, config), admin: createTopicAdmin(options) };
});
afterAll(() => kafka.close());

const by = (reason?: string): Acting => ({
  actor: { id: "u1", username: "night-shift" },
  from: { ip: "203.0.113.7", userAgent: "test" },
  reason,
});
const inBroker = async (...names: string[]) => Object.fromEntries(await broker.topics.partitionsOf(names));

async function auditOf(path: string) {
  const { rows } = await database.pool.query<{ action: string; reason: string | null }>(
    "SELECT action, reason FROM audit_log WHERE target_kind = 'subscription' AND target_id = $1 ORDER BY id",
    [path],
  );
  return rows;
}

/** A declared topic that the broker has, too. */
async function topicOf(partitions = 2): Promise<string> {
  const topic = await createTopic({ partitions });
  await declare(database.pool, { topic, partitions });
  return topic;
}

const spec = (draft: SubscriptionDraft) => completeSubscription(draft);

test("is declared with its own topics, changed by whoever saw it as it is, paused and removed, each with its entry", async () => {
  const db = database.pool;
  const topic = await topicOf();
  const wanted = spec({ topic, name: "shipping", app: "orders", deadLetterTopic: true });
  await declareSubscription(db, broker, wanted, by());
  expect(await inBroker(`${topic}.shipping.retry`, `${topic}.shipping.dlq`)).toEqual({
    [`${topic}.shipping.retry`]: 2,
    [`${topic}.shipping.dlq`]: 2,
  });
  await expect(declareSubscription(db, broker, wanted, by())).rejects.toMatchObject({ code: "id_conflict" });
  await expect(
    declareSubscription(db, broker, { ...wanted, name: "x", app: "nobody" }, by()),
  ).rejects.toMatchObject({ code: "validation_failed" });
  await expect(
    declareSubscription(db, broker, { ...wanted, topic: "none.such" }, by()),
  ).rejects.toMatchObject({ code: "validation_failed" });

  const path = { topic, name: "shipping" };
  const shown = await readSubscription(db, path);
  expect(shown).toMatchObject({
    ...wanted,
    standing: "idle",
    waiting: { PENDING: null, WAITING: null, DEAD: null },
    lag: null,
    retryTopic: { name: `${topic}.shipping.retry`, partitions: 2 },
    deadLetterTopicRow: { name: `${topic}.shipping.dlq` },
    valve: { state: "open" },
  });
  expect(shown.series).toHaveLength(60);
  const [declared] = parseTopology(shown.file.yaml).file!.topics;
  expect(declared!.subscriptions.map((one) => subscriptionOf(topic, one))).toEqual([wanted]);

  const changed = { ...wanted, ackTimeoutSeconds: 5, retry: { ...wanted.retry, maxAttempts: 3 } };
  const change = (subscription: typeof wanted, seen = shown.updatedAt) =>
    changeSubscription(db, broker, { subscription, seen }, by("slow consumers"));
  expect(await change(wanted)).toEqual({ kind: "unchanged" });
  expect(await change(changed)).toEqual({ kind: "changed" });
  expect(await change(wanted)).toMatchObject({ kind: "changed_meanwhile", by: "night-shift" });
  await expect(change({ ...changed, ack: "offset", deadLetterTopic: false })).rejects.toMatchObject({
    code: "validation_failed",
  });
  expect(await readSubscription(db, path)).toMatchObject(changed);

  const pause = (paused: boolean) => pauseSubscription(db, { ...path, paused }, by("repairs"));
  expect([await pause(true), await pause(true)]).toEqual([{ changed: true }, { changed: false }]);
  expect(await listSubscriptions(db, { topic })).toMatchObject([
    { standing: "paused", pausedBy: "night-shift", pauseReason: "repairs" },
  ]);
  expect(await pause(false)).toEqual({ changed: true });

  await removeSubscription(db, path, by("moved"));
  await expect(removeSubscription(db, path, by())).rejects.toMatchObject({ code: "not_found" });
  await expect(readSubscription(db, path)).rejects.toMatchObject({ code: "not_found" });
  await declareSubscription(db, broker, wanted, by()); // its name and topics are free again
  expect(await auditOf(`${topic}/shipping`)).toEqual([
    { action: "subscription.create", reason: null },
    { action: "subscription.change", reason: "slow consumers" },
    { action: "subscription.pause", reason: "repairs" },
    { action: "subscription.resume", reason: "repairs" },
    { action: "subscription.remove", reason: "moved" },
    { action: "subscription.create", reason: null },
  ]);
});

test("its own topics are no topics of messages: intake, lists and declarations do not know them", async () => {
  const topic = await topicOf();
  await declareSubscription(database.pool, broker, spec({ topic, name: "s" }), by());
  const own = `${topic}.s.retry`;
  expect((await listTopics(database.pool)).map(({ name }) => name)).not.toContain(own);
  expect((await listAllTopics(database.pool)).map(({ name }) => name)).toContain(own);
  expect(await new TopicIds(database.pool).find(own)).toBeNull();
  await expect(declare(database.pool, { topic: own })).rejects.toThrow(/own topic/);
  await declare(database.pool, { topic: `${topic}.taken.retry` });
  await expect(
    declareSubscription(database.pool, broker, spec({ topic, name: "taken" }), by()),
  ).rejects.toMatchObject({ code: "id_conflict" });
});

test("shows what waits, how fast it goes and how far its group is behind", async () => {
  const db = database.pool;
  const topic = await topicOf();
  const owner = await declare(db, { topic });
  await declareSubscription(db, broker, spec({ topic, name: "busy" }), by());
  const messages = Array.from({ length: 3 }, () => newMessage(owner, { lane: 0 }));
  await insertReady(database.hot, messages);
  const lease = await acquireLane(db, { lane: 0, owner: "test", ttlMs: 60_000 });
  const sent = messages.map(({ id }) => ({ id, partition: 0, offset: 1n }));
  await markSent(database.hot, { lane: 0, epoch: lease!.epoch, progressOffset: 1n, sent });
  await db.query("UPDATE delivery_flow SET minute = minute - interval '2 minutes'");
  await db.query(
    `INSERT INTO group_progress (subscription_id, partition, retry, committed, end_offset)
     SELECT id, p, r, c, 10 FROM subscription, (VALUES (0, false, 4), (1, false, NULL), (0, true, 9)) AS v(p, r, c)
     WHERE name = 'busy'`,
  );
  const busy = () => readSubscription(db, { topic, name: "busy" });
  expect(await busy()).toMatchObject({
    standing: "delivering",
    fault: null,
    waiting: { PENDING: { count: 3 }, DEAD: null },
    rate: { sent: 0.01, acked: 0 },
    lag: { records: 7, retryRecords: 1 },
  });
  const { retryTopicId } = await busy();
  await setTopicFault(db, retryTopicId!, "topic_missing", "it is not there");
  expect(await busy()).toMatchObject({
    standing: "fault",
    fault: { topic: `${topic}.busy.retry`, code: "topic_missing", detail: "it is not there" },
  });
});

test("apply declares subscriptions with their topic, idempotently, and says what cannot be", async () => {
  const topic = uniqueTopic("subscribed");
  const apply = (wanted: SubscriptionDraft[]) =>
    applyTopology(
      {
        apps: [],
        topics: [{ name: topic, partitions: 2, schema: null, masked: false }],
        subscriptions: wanted.map((one) => spec(one)),
      },
      { db: database.pool, broker: broker.topics, actorName: "cli:test" },
    );
  const outcomes = (result: Awaited<ReturnType<typeof apply>>) =>
    result.kind === "applied"
      ? result.items.map(({ item, outcome }) => `${item.kind} ${outcome}`)
      : result.kind;
  const both: SubscriptionDraft[] = [
    { topic, name: "shipping", deadLetterTopic: true },
    { topic, name: "index", ack: "offset", groupId: "search-index" },
  ];
  expect(outcomes(await apply(both))).toEqual([
    "broker_topic done",
    "topic done",
    "broker_topic done",
    "broker_topic done",
    "subscription done",
    "subscription done",
  ]);
  expect(outcomes(await apply(both))).toEqual([
    "broker_topic unchanged",
    "topic unchanged",
    "subscription unchanged",
    "subscription unchanged",
  ]);
  const faster = await apply([{ ...both[0]!, retry: { firstDelaySeconds: 0.5, ladderSeconds: [1, 2.5] } }]);
  expect(faster.kind === "applied" && faster.items.at(-1)).toMatchObject({
    outcome: "done",
    item: {
      action: "change",
      changes: [
        { field: "retry.maxAttempts", from: "8", to: "3" },
        { field: "retry.firstDelaySeconds", from: "1", to: "0.5" },
        { field: "retry.ladderSeconds", from: "none", to: "1, 2.5" },
      ],
    },
  });
  const refused = await apply([{ topic, name: "index" }]);
  expect(refused.kind === "refused" && refused.plan.at(-1)!.note).toMatch(/acknowledged by offset/);
  const orphan = await apply([{ topic, name: "new", app: "nobody" }]);
  expect(orphan.kind === "refused" && orphan.plan.at(-1)!.note).toMatch(/no app nobody/);
});

test("what cannot be is refused where it is declared", () => {
  const faults = (draft: object) =>
    subscriptionForm
      .safeParse({ topic: "orders", name: "s", ...draft })
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  expect(faults({})).toBeUndefined();
  expect(faults({ ack: "webhook" })).toEqual(["webhook: belongs to ack: webhook"]);
  expect(faults({ webhook: { url: "https://a.example/" } })).toEqual([
    "webhook: belongs to ack: webhook, and to no other",
  ]);
  expect(faults({ ack: "offset", deadLetterTopic: true })?.[0]).toMatch(/^deadLetterTopic/);
  expect(faults({ retry: { firstDelaySeconds: 60, maxDelaySeconds: 5 } })?.[0]).toMatch(/shorter/);
  expect(faults({ topic: "t".repeat(245) })?.[0]).toMatch(/^name: .*longer/);
  expect(
    subscriptionForm.parse({
      topic: "t",
      name: "hook",
      ack: "webhook",
      webhook: { url: "http://a.example/" },
    }),
  ).toMatchObject({
    retry: { maxAttempts: 8, ladderSeconds: [5, 30, 120, 600, 1800, 7200, 21_600] },
    webhook: { timeoutSeconds: 10, concurrency: 8 },
  });
});
