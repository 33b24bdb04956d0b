import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { type Consumer, Kafka, logLevel, Partitioners } from "kafkajs";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { waitUntil } from "../../local/wait-until.ts";
import { type AwaitedDelivery, type GroupReading, nextLook } from "../../server/domain/ack-deadline.ts";
import { listSubscriptions } from "../../server/services/subscriptions/list-subscriptions.ts";
import { nextLook as nextLookSql } from "../../server/store/ack-deadline.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { type GroupPosition, writeProgress } from "../../server/store/offset-watch.ts";
import { readGroupProgress } from "../../server/store/read-subscriptions.ts";
import { queueRedeliveries } from "../../server/store/queue-redeliveries.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { makeValves, readValves } from "../../server/store/redelivery-valves.ts";
import { timeOutDeliveries } from "../../server/store/time-out-deliveries.ts";
import { type Given, given, item, mark, say } from "../ack/ack-fixture.ts";
import { type AckProcess, spawnAck } from "../ack/ack-process.ts";
import { useDatabase } from "../support/database.ts";
import { commitOffset, createTopic, kafkaBootstrap } from "../support/kafka.ts";
import { type RecoverProcess, startRecoverProcess } from "./start-recover-process.ts";

const db = useDatabase();
const env = `t${randomBytes(4).toString("hex")}`;
const brokers = [kafkaBootstrap()];
const client = new Kafka({ brokers, clientId: "test", logLevel: logLevel.NOTHING });
const running: { acks: AckProcess[]; recovers: RecoverProcess[]; consumers: Consumer[] } = {
  acks: [],
  recovers: [],
  consumers: [],
};
function startAck(name: string): AckProcess {
  const started = spawnAck({ name, databaseUrl: db.url, env });
  running.acks.push(started);
  return started;
}
async function startRecover(name: string): Promise<RecoverProcess> {
  const started = await startRecoverProcess(db.url, name);
  running.recovers.push(started);
  return started;
}

beforeAll(async () => {
  await createTopic({ name: `surelay.${env}.acks`, partitions: 1 });
});
async function stopAll(): Promise<void> {
  await Promise.all(running.consumers.splice(0).map((consumer) => consumer.disconnect()));
  await Promise.all(running.acks.splice(0).map((one) => one.kill()));
  const recovers = running.recovers.splice(0);
  for (const one of recovers) one.kill("SIGKILL");
  await Promise.all(recovers.map(({ ended }) => ended));
}
afterAll(stopAll);

const NOW = 1_800_000_000_000;
const time = fc.integer({ min: NOW - 900_000, max: NOW });
const offset = fc.bigInt({ min: 0n, max: 20n });
const reading: fc.Arbitrary<GroupReading> = fc.record({
  committed: fc.option(offset, { nil: null }),
  endOffset: offset,
  seenAt: fc.oneof(time, fc.integer({ min: NOW - 20_000, max: NOW })),
  movedAt: time,
  headOffset: fc.option(offset, { nil: null }),
  attendedAt: fc.option(time, { nil: null }),
  trail: fc.array(fc.record({ at: time, offset }), { maxLength: 4 }),
});
const awaited: fc.Arbitrary<AwaitedDelivery> = fc.record({
  sentAt: time,
  dueAt: time,
  ackTimeoutMs: fc.constantFrom(1000, 30_000, 600_000),
  offset: fc.option(offset, { nil: null }),
});

test("the statement's rule is the domain's, to the millisecond", async () => {
  const cases = fc.sample(fc.tuple(awaited, fc.option(reading, { nil: null, freq: 9 })), 3000);
  const at = (ms: string) => `to_timestamp(${ms} / 1000.0)`;
  const sql = nextLookSql({ d: "d", r: "r", g: "g", timeout: "c.timeout * interval '1 ms'" });
  const { rows } = await db.pool.query<{ ms: number }>(
    `SELECT round(extract(epoch FROM ${sql.replaceAll("now()", at(`${NOW}`))}) * 1000)::float8 AS ms
     FROM ROWS FROM (json_to_recordset($1) AS (sent bigint, due bigint, timeout bigint, "offset" bigint, known boolean,
       committed bigint, end_offset bigint, seen bigint, moved bigint, head bigint, attended bigint, trail_at bigint[],
       trail_offset bigint[])) WITH ORDINALITY AS c(sent, due, timeout, "offset", known, committed, end_offset, seen, moved,
       head, attended, trail_at, trail_offset, n)
     CROSS JOIN LATERAL (SELECT ${at("c.sent")} AS moved_at, ${at("c.due")} AS due_at) d
     CROSS JOIN LATERAL (SELECT c."offset" AS broker_offset) r
     LEFT JOIN LATERAL (
       SELECT c.committed, c.end_offset, ${at("c.seen")} AS seen_at, ${at("c.moved")} AS moved_at, c.head AS head_offset,
              ${at("c.attended")} AS attended_at, c.trail_offset,
              ARRAY(SELECT ${at("t")} FROM unnest(c.trail_at) WITH ORDINALITY AS u(t, n) ORDER BY n) AS trail_at
     ) g ON c.known
     ORDER BY n`,
    [
      JSON.stringify(
        cases.map(([d, g]) => ({
          sent: d.sentAt,
          due: d.dueAt,
          timeout: d.ackTimeoutMs,
          offset: d.offset === null ? null : Number(d.offset),
          known: g !== null,
          ...(g && {
            committed: g.committed === null ? null : Number(g.committed),
            end_offset: Number(g.endOffset),
            seen: g.seenAt,
            moved: g.movedAt,
            head: g.headOffset === null ? null : Number(g.headOffset),
            attended: g.attendedAt,
            trail_at: g.trail.map((seen) => seen.at),
            trail_offset: g.trail.map((seen) => Number(seen.offset)),
          }),
        })),
      ),
    ],
  );
  expect(rows).toHaveLength(cases.length);
  for (const [i, [d, g]] of cases.entries())
    expect(
      rows[i]!.ms,
      JSON.stringify(cases[i], (_, v: unknown) => (typeof v === "bigint" ? String(v) : v)),
    ).toBe(nextLook(d, g, NOW));
});

const T = 2;
const RECORDS = 100;

/** A consumer of one record at a time, 120 ms each; it acknowledges before its offset is committed. */
async function consume(
  made: Given,
  hangsAt: string | null,
): Promise<{ consumer: Consumer; free: () => void }> {
  const consumer = client.consumer({
    groupId: made.subscriptions[0]!.groupId,
    sessionTimeout: 10_000,
    maxWaitTimeInMs: 50,
    maxBytesPerPartition: 1, // a record at a time: one that leaves finishes all that it fetched
  });
  running.consumers.push(consumer);
  let free = (): void => undefined;
  const freed = new Promise<void>((resolve) => (free = resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: [made.topic], fromBeginning: true });
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ message }) => {
      const id = message.value!.toString();
      if (id === hangsAt) await freed;
      else await new Promise((resolve) => setTimeout(resolve, 120));
      await say(db, [item(id, "x")]);
    },
  });
  return { consumer, free };
}

test("a group that lags, dies, and hangs: only what hangs is delivered again, whoever is killed meanwhile", async () => {
  const made = await given(db, [{ name: "x", ackTimeoutSeconds: T, retry: { maxAttempts: 2 } }], RECORDS);
  const { id, groupId } = made.subscriptions[0]!;
  await createTopic({ name: made.topic, partitions: 1 });
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  for (const { id: value } of made.messages)
    await producer.send({ topic: made.topic, messages: [{ value, partition: 0 }] });
  await producer.disconnect();
  const count = async (where: string) =>
    (
      await db.pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM delivery d WHERE subscription_id = $1 AND ${where}`,
        [id],
      )
    ).rows[0]!.n;
  const acked = (most: number) =>
    waitUntil(async () => (await count("state = 'ACKED'")) >= most, { timeoutMs: 30_000 });
  const attempts = async () =>
    (
      await db.pool.query<{ said: string }>(
        "SELECT message_id || ' ' || kind AS said FROM delivery_attempt WHERE subscription_id = $1 ORDER BY n",
        [id],
      )
    ).rows.map(({ said }) => said);

  // It lags by more than its time: the last of what it reads now is a multiple of it old.
  const hanging = made.messages[90]!.id;
  // It was there before: of a group that never was, the time counts from sending.
  await commitOffset({ groupId, topic: made.topic, partition: 0, offset: 0 });
  const [ack] = [startAck("ack-1"), startAck("ack-2")];
  const known = async () =>
    (await readGroupProgress(db.pool, id)).some(({ committed }) => committed !== null);
  expect(await waitUntil(known, { timeoutMs: 30_000 })).toBe(true);
  const [recover] = await Promise.all([startRecover("recover-1"), startRecover("recover-2")]);
  const before = await consume(made, null);
  await mark(db, made.messages);
  expect(await acked(20)).toBe(true);
  recover.kill("SIGKILL");
  await ack.kill();
  expect(await acked(40)).toBe(true);

  // It dies. What it has not read stays, put off; nobody's attempts are used, and the operator is told.
  await before.consumer.disconnect();
  const stalled = async () =>
    (await listSubscriptions(db.pool)).find((subscription) => subscription.id === id)?.standstill ?? null;
  expect(await waitUntil(stalled, { timeoutMs: 40_000 })).toMatchObject({ attended: false });
  const left = await count("state = 'PENDING'");
  expect(left).toBeGreaterThan(10);
  expect(
    await waitUntil(
      async () =>
        (await count(`state = 'PENDING' AND due_at > moved_at + ${2 * T} * interval '1 s'`)) === left,
      { timeoutMs: 30_000 },
    ),
  ).toBe(true);
  expect(await attempts()).toEqual([]);

  // It is back, and hangs at one: that one is late, and what stands behind it is not.
  const after = await consume(made, hanging);
  expect(await acked(90)).toBe(true);
  const late = async () => {
    // It was put off for as long as it had waited: how long that is depends on the machine. It is looked at anew at once.
    await db.pool.query(
      `UPDATE delivery SET due_at = now() WHERE subscription_id = $1 AND message_id = $2
         AND state = 'PENDING' AND due_at > now() + ${T} * interval '1 s'`,
      [id, hanging],
    );
    return (await attempts()).length > 0;
  };
  expect(await waitUntil(late, { timeoutMs: 60_000, everyMs: 200 })).toBe(true);
  expect(await waitUntil(stalled, { timeoutMs: 60_000 })).toMatchObject({ attended: true });
  after.free();
  expect(await acked(RECORDS)).toBe(true);
  expect(await attempts()).toEqual([`${hanging} timed_out`]);
  await stopAll();
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
}, 180_000);

test("a group that begins at the end, and hangs at what it gets first in a partition, is late there", async () => {
  const made = await given(db, [{ name: "x", ackTimeoutSeconds: T }], 1);
  const { id, groupId } = made.subscriptions[0]!;
  const { topic } = made;
  await createTopic({ name: topic, partitions: 2 });
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  // From before its time.
  await producer.send({ topic, messages: Array.from({ length: 10 }, () => ({ value: "{}", partition: 0 })) });
  await commitOffset({ groupId, topic, partition: 1, offset: 0 });
  const consumer = client.consumer({ groupId, maxWaitTimeInMs: 50 });
  running.consumers.push(consumer);
  let got = "";
  let free = (): void => undefined;
  const freed = new Promise<void>((resolve) => (free = resolve));
  onTestFinished(() => free());
  // Whatever is sent before it has asked where the end is goes past it.
  const reads = new Promise((resolve) => consumer.on(consumer.events.FETCH, resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: false });
  await consumer.run({
    eachMessage: async ({ message }) => {
      got ||= `${message.offset} ${message.value!.toString()}`;
      await freed;
    },
  });
  await reads;
  startAck("ack-latest");
  const attended = async () =>
    (await readGroupProgress(db.pool, id)).some((one) => one.partition === 0 && one.attendedAt !== null);
  expect(await waitUntil(attended, { timeoutMs: 30_000 })).toBe(true);
  const [message] = made.messages;
  await producer.send({ topic, messages: [{ value: message!.id, partition: 0 }] });
  await producer.disconnect();
  await mark(db, made.messages, 10n);
  expect(await waitUntil(() => Promise.resolve(got !== ""), { timeoutMs: 20_000 })).toBe(true);
  expect(got).toBe(`10 ${message!.id}`);
  await startRecover("recover-latest");
  const late = async () => {
    const { rows } = await db.pool.query<{ kind: string }>(
      "SELECT kind FROM delivery_attempt WHERE subscription_id = $1",
      [id],
    );
    return rows.some(({ kind }) => kind === "timed_out");
  };
  expect(await waitUntil(late, { timeoutMs: 20_000 })).toBe(true);
  free();
  await stopAll();
}, 120_000);

/** Lets so much time pass for a group and its deliveries: the store's clock stays, what it holds becomes older. */
async function passTime(subscriptionId: number, seconds: number): Promise<void> {
  const by = [subscriptionId, seconds];
  await db.pool.query(
    `UPDATE delivery SET due_at = due_at - $2 * interval '1 s', moved_at = moved_at - $2 * interval '1 s'
     WHERE subscription_id = $1 AND due_at IS NOT NULL`,
    by,
  );
  await db.pool.query(
    `UPDATE group_progress SET seen_at = seen_at - $2 * interval '1 s', moved_at = moved_at - $2 * interval '1 s',
       head_at = head_at - $2 * interval '1 s', attended_at = attended_at - $2 * interval '1 s',
       trail_at = ARRAY(SELECT t - $2 * interval '1 s' FROM unnest(trail_at) WITH ORDINALITY AS u(t, n) ORDER BY n)
     WHERE subscription_id = $1`,
    by,
  );
}

test("what a group passes, and what it stands at, is late so long after; a redelivery by the retry topic", async () => {
  const made = await given(db, [{ name: "x", ackTimeoutSeconds: 40, retry: { firstDelaySeconds: 0 } }], 4);
  const { id } = made.subscriptions[0]!;
  await mark(db, made.messages);
  const see = async (position: Partial<GroupPosition>) => {
    const at = { subscriptionId: id, retry: false, partition: 0, committed: 0n, endOffset: 4n, head: null };
    await writeProgress(db.pool, [{ ...at, attended: false, ...position }], new Date());
  };
  // A look at all of them, whatever they were put off to.
  const late = async () => {
    await db.pool.query(
      "UPDATE delivery SET due_at = now() WHERE subscription_id = $1 AND state = 'PENDING'",
      [id],
    );
    return timeOutDeliveries(db.hot, [id], 100);
  };

  await see({ committed: 0n });
  for (let i = 0; i < 5; i++) {
    await passTime(id, 50);
    await see({ committed: 0n, head: 0n });
    expect(await late()).toMatchObject({ waiting: 0, dead: 0 }); // nobody is there
  }
  await see({ committed: 0n, head: 0n, attended: true });
  await passTime(id, 30);
  await see({ committed: 2n }); // two are passed now, without an answer
  expect(await late()).toMatchObject({ waiting: 0 });
  await passTime(id, 30);
  await see({ committed: 3n });
  expect(await late()).toMatchObject({ waiting: 0 });
  await passTime(id, 15);
  await see({ committed: 3n });
  expect(await late()).toMatchObject({ waiting: 2, dead: 0 }); // 45 s after
  await passTime(id, 300);
  await see({ committed: 3n, head: 3n, attended: true });
  expect(await late()).toMatchObject({ waiting: 1, dead: 0 }); // the third
  await passTime(id, 41);
  expect(await late()).toMatchObject({ waiting: 1, dead: 0 }); // the one it stands at

  // A redelivery goes by its own record: a retry topic of which the group has read something.
  await makeValves(db.hot, [id]);
  const [valve] = await readValves(db.hot, [id]);
  await queueRedeliveries(db.hot, { subscriptionId: id, version: valve!.version, limit: 1, probe: null });
  const { rows } = await db.pool.query<{ id: string }>("SELECT id FROM resend WHERE subscription_id = $1", [
    id,
  ]);
  const lease = await acquireLane(db.pool, { lane: 0, owner: "test", ttlMs: 60_000 });
  const resent = rows.map((row) => ({ id: row.id, partition: 0, offset: 7n }));
  await markSent(db.hot, { lane: 0, epoch: lease!.epoch, progressOffset: 1n, sent: [], resent });
  await see({ retry: true, committed: 5n, endOffset: 8n });
  expect(await late()).toEqual({ waiting: 0, dead: 0, putOff: 1 });
  await passTime(id, 400);
  await see({ retry: true, committed: 8n, endOffset: 8n });
  expect(await late()).toEqual({ waiting: 0, dead: 0, putOff: 1 });
  await passTime(id, 41);
  expect(await late()).toEqual({ waiting: 1, dead: 0, putOff: 0 });
});

test("where a group has committed nothing yet, what is sent is late so long after, while somebody is there", async () => {
  const made = await given(db, [{ name: "x", ackTimeoutSeconds: 40 }], 1);
  const { id } = made.subscriptions[0]!;
  await mark(db, made.messages, 1000n);
  const see = async (attended: boolean) => {
    const at = { subscriptionId: id, retry: false, head: null, attended: false };
    const positions = [
      { ...at, partition: 0, committed: null, endOffset: 1001n, head: 0n, attended },
      { ...at, partition: 1, committed: 5n, endOffset: 5n },
    ];
    await writeProgress(db.pool, positions, new Date());
  };
  const late = async () => {
    await db.pool.query("UPDATE delivery SET due_at = now() WHERE subscription_id = $1", [id]);
    return timeOutDeliveries(db.hot, [id], 100);
  };
  const standstill = async () => (await listSubscriptions(db.pool)).find((one) => one.id === id)!.standstill;
  await see(false);
  await passTime(id, 300);
  await see(false);
  expect(await late()).toEqual({ waiting: 0, dead: 0, putOff: 1 });
  expect(await standstill()).toMatchObject({ attended: false });
  await see(true);
  await passTime(id, 30);
  await see(true);
  expect(await late()).toEqual({ waiting: 0, dead: 0, putOff: 1 });
  // The records before the first that it got are none of its own.
  expect(await standstill()).toBeNull();
  await passTime(id, 11);
  await see(true);
  expect(await late()).toEqual({ waiting: 1, dead: 0, putOff: 0 });
});

test("a trail reaches back as far as an acknowledgement may take, and begins anew when a group is put back", async () => {
  const made = await given(db, [{ name: "x", ackTimeoutSeconds: 80 }], 0);
  const { id } = made.subscriptions[0]!;
  const see = async (committed: bigint) => {
    await writeProgress(
      db.pool,
      [
        {
          subscriptionId: id,
          retry: false,
          partition: 0,
          committed,
          endOffset: 999n,
          head: null,
          attended: false,
        },
      ],
      new Date(),
    );
    const { rows } = await db.pool.query<{ offsets: string[] }>(
      "SELECT trail_offset::text[] AS offsets FROM group_progress WHERE subscription_id = $1",
      [id],
    );
    return rows[0]!.offsets.map(Number);
  };
  for (let i = 1; i <= 100; i++) {
    await see(BigInt(i));
    await passTime(id, 4);
  }
  const offsets = await see(100n);
  // Every tenth second one, and of what is older than eighty seconds the newest.
  expect(offsets.length).toBeGreaterThanOrEqual(8);
  expect(offsets.length).toBeLessThanOrEqual(10);
  expect(offsets[0]!).toBeLessThanOrEqual(80);
  expect(await see(50n)).toEqual([50]);
});
