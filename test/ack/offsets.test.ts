import { randomBytes } from "node:crypto";
import { Kafka, logLevel, Partitioners } from "kafkajs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../../local/wait-until.ts";
import { createGroupOffsets } from "../../server/kafka/group-offsets.ts";
import { silentLog } from "../../server/log.ts";
import { consumeForsaken, forsakenTopics } from "../../server/store/consume-by-offset.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { claimWatches, releaseWatches } from "../../server/store/offset-watch.ts";
import { readGroupProgress } from "../../server/store/read-subscriptions.ts";
import { removeSubscription } from "../../server/store/subscriptions.ts";
import { TopicWatch } from "../../workers/ack/watch-topic.ts";
import { useDatabase } from "../support/database.ts";
import { commitOffset, createTopic, kafkaBootstrap } from "../support/kafka.ts";
import { type Given, given, item, mark, say, store } from "./ack-fixture.ts";

const db = useDatabase();
const IDLE_MS = 100;
const kafka = {} as ReturnType<typeof open>;

function open() {
  const client = new Kafka({ brokers: [kafkaBootstrap()], clientId: "test", logLevel: logLevel.NOTHING });
  const brokers = [kafkaBootstrap()];
  return {
    client,
    producer: client.producer({ createPartitioner: Partitioners.DefaultPartitioner }),
    groups: createGroupOffsets({ brokers, clientId: "test-groups", log: silentLog }),
  };
}

const group = () => `group-${randomBytes(4).toString("hex")}`;

beforeAll(async () => {
  Object.assign(kafka, open());
  await kafka.producer.connect();
  // The first question about a group makes the broker load its coordinator.
  await commitOffset({ groupId: group(), topic: await createTopic(), partition: 0, offset: 0 });
});
afterAll(async () => {
  await Promise.all([kafka.producer?.disconnect(), kafka.groups?.close()]);
  expect(await compareFlow(db.pool)).toEqual([]);
});

/** A topic in store and broker, with `count` plain records in partition 0 and as many SENT messages, at their offsets. */
async function sent(subscriptions: Parameters<typeof given>[1], count: number): Promise<Given> {
  const made = await given(db, subscriptions, count);
  await createTopic({ name: made.topic, partitions: 1 });
  if (count > 0) await produce(made.topic, count);
  await mark(db, made.messages);
  return made;
}

const produce = (topic: string, count: number) =>
  kafka.producer.send({
    topic,
    messages: Array.from({ length: count }, () => ({ value: "{}", partition: 0 })),
  });

const watchOf = (made: Given) =>
  new TopicWatch(made.owner.topicId, { db: db.pool, hot: db.hot, kafka: kafka.groups, idleMs: IDLE_MS });

const commit = (made: Given, group: number, offset: number) =>
  commitOffset({ groupId: made.subscriptions[group]!.groupId, topic: made.topic, partition: 0, offset });

/** How many of the messages are CONSUMED. */
async function consumed(made: Given): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM message_state WHERE topic_id = $1 AND state = 'CONSUMED'",
    [made.owner.topicId],
  );
  return rows[0]!.n;
}

const offset = (name: string) => ({ name, ack: "offset" as const, groupId: group() });

describe("committed offsets", () => {
  test("settle what every group has passed, and nothing while one has committed nothing", async () => {
    const made = await sent([offset("one"), offset("two")], 10);
    const watch = watchOf(made);
    expect(await watch.pass()).toMatchObject({ settled: 0, over: false });
    await commit(made, 0, 10);
    expect(await watch.pass()).toMatchObject({ settled: 0, moved: true });
    await commit(made, 1, 4);
    expect(await watch.pass()).toMatchObject({ settled: 4, moved: true });
    // A consumer that stands still holds back what it has not committed.
    expect(await watch.pass()).toEqual({ settled: 0, moved: false, over: false, fault: null });
    expect(await consumed(made)).toBe(4);
    await commit(made, 1, 10);
    expect(await watch.pass()).toMatchObject({ settled: 6 });
    expect(await consumed(made)).toBe(10);
  });

  test("settle a message that is marked SENT after they have passed it", async () => {
    const made = await sent([offset("one")], 2);
    await produce(made.topic, 1);
    await commit(made, 0, 3);
    const watch = watchOf(made);
    expect(await watch.pass()).toMatchObject({ settled: 2 });
    const late = await store(db, made.owner, 1);
    await mark(db, late, 2n);
    expect(await watch.pass()).toMatchObject({ settled: 1 });
  });

  test("of a group that acknowledges are written down, and settle nothing", async () => {
    const made = await sent([{ name: "x", groupId: group() }], 3);
    await commit(made, 0, 2);
    const watch = watchOf(made);
    expect(await watch.pass()).toEqual({ settled: 0, moved: true, over: false, fault: null });
    const { rows } = await db.pool.query(
      `SELECT p.committed::int, p.end_offset::int AS "end" FROM group_progress p JOIN subscription s ON s.id = p.subscription_id
       WHERE s.topic_id = $1 AND NOT p.retry`,
      [made.owner.topicId],
    );
    expect(rows).toEqual([{ committed: 2, end: 3 }]);
    expect(await consumed(made)).toBe(0);
  });

  test("and acknowledgements are both waited for where a topic has both", async () => {
    const made = await sent([{ name: "x", groupId: group() }, offset("one")], 2);
    const watch = watchOf(made);
    const [first, second] = made.messages;
    await say(db, [item(first!.id, "x")]);
    await commit(made, 1, 2);
    expect(await watch.pass()).toMatchObject({ settled: 1 });
    await say(db, [item(second!.id, "x")]);
    expect(await watch.pass()).toMatchObject({ settled: 1 });
    expect(await consumed(made)).toBe(2);
  });

  test("settle once, however many watch", async () => {
    const made = await sent([offset("one")], 400);
    await commit(made, 0, 400);
    const passes = await Promise.all(Array.from({ length: 4 }, () => watchOf(made).pass()));
    const again = await watchOf(made).pass();
    expect(passes.reduce((sum, { settled }) => sum + settled, again.settled)).toBe(400);
    expect(await consumed(made)).toBe(400);
  });

  test("of one topic are asked for whatever is missing beside it", async () => {
    const missing = await given(db, [{ name: "x", groupId: group() }, offset("one")], 0);
    const made = await sent([{ name: "x", groupId: group() }, offset("one")], 2);
    const [first, second] = [watchOf(missing), watchOf(made)];
    await say(
      db,
      made.messages.map(({ id }) => item(id, "x")),
    );
    await commit(made, 1, 2);
    const failed = expect(first.pass()).rejects.toMatchObject({ kind: "topic_missing" });
    expect(await second.pass()).toMatchObject({ settled: 2 });
    await failed;
    expect(await second.pass()).toEqual({ settled: 0, moved: false, over: false, fault: null });
  });

  test("are written down with the end, for the topic and the retry topic, and say since when they stand", async () => {
    const made = await sent([{ name: "x", groupId: group() }, offset("one")], 3);
    await createTopic({ name: `${made.topic}.x.retry`, partitions: 1 });
    await produce(`${made.topic}.x.retry`, 2);
    await commit(made, 0, 1);
    const watch = watchOf(made);
    await watch.pass();
    const rows = await readGroupProgress(db.pool, made.subscriptions[0]!.id);
    expect(rows.map((r) => [r.retry, r.partition, r.committed, r.endOffset])).toEqual([
      [false, 0, "1", "3"],
      [true, 0, null, "2"],
    ]);
    const [before] = await readGroupProgress(db.pool, made.subscriptions[1]!.id);
    expect([before!.committed, before!.endOffset]).toEqual([null, "3"]);
    await commit(made, 1, 3);
    await watch.pass();
    const [after] = await readGroupProgress(db.pool, made.subscriptions[1]!.id);
    expect(after!.committed).toBe("3");
    expect(after!.movedAt.getTime()).toBeGreaterThanOrEqual(before!.movedAt.getTime());
  });
});

describe("messages whose offset nobody knows", () => {
  test("are settled when the groups have read all there was, marks of transactions aside", async () => {
    const made = await given(db, [offset("one")], 3);
    await createTopic({ name: made.topic, partitions: 1 });
    const transactional = kafka.client.producer({
      transactionalId: group(),
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await transactional.connect();
    const transaction = await transactional.transaction();
    const messages = made.messages.map(() => ({ value: "{}", partition: 0 }));
    await transaction.send({ topic: made.topic, messages });
    await transaction.commit();
    await transactional.disconnect();
    await mark(db, made.messages, null);
    const watch = watchOf(made);
    const settled = async () => (await watch.pass()).settled;

    await commit(made, 0, 2); // a record is still unread
    const until = performance.now() + 5 * IDLE_MS;
    await waitUntil(async () => (await settled()) > 0 || performance.now() > until, {
      timeoutMs: 20 * IDLE_MS,
    });
    expect(await consumed(made)).toBe(0);
    // All records are read; the mark of the transaction's end, at offset 3, is nothing a client commits.
    await commit(made, 0, 3);
    expect(await waitUntil(settled, { timeoutMs: 10_000 })).toBe(3);
    expect(await consumed(made)).toBe(3);
  });
});

describe("who watches", () => {
  test("one process at a time; another takes over what is given back or not renewed", async () => {
    const made = await sent([offset("one")], 0);
    const { topicId } = made.owner;
    expect(await claimWatches(db.pool, "a", 60_000)).toContain(topicId);
    expect(await claimWatches(db.pool, "b", 60_000)).not.toContain(topicId);
    expect(await claimWatches(db.pool, "a", 0)).toContain(topicId); // its lease ends at once
    expect(
      await waitUntil(async () => (await claimWatches(db.pool, "b", 60_000)).includes(topicId), {
        timeoutMs: 20_000,
      }),
    ).toBe(true);
    await releaseWatches(db.pool, "b");
    expect(await claimWatches(db.pool, "a", 60_000)).toContain(topicId);
    await releaseWatches(db.pool, "a");
  });

  test("nobody, once the last subscription is removed: what waited for it is settled", async () => {
    const made = await sent([offset("one")], 5);
    expect(await forsakenTopics(db.pool)).not.toContain(made.owner.topicId);
    expect(await removeSubscription(db.pool, made.topic, "one")).toBe(true);
    expect(await watchOf(made).pass()).toMatchObject({ over: true });
    expect(await forsakenTopics(db.pool)).toContain(made.owner.topicId);
    expect(await consumeForsaken(db.hot, made.owner.topicId, 100)).toBe(5);
    expect(await consumed(made)).toBe(5);
  });
});
