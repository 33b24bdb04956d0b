import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../server/config/project-root.ts";
import type { Queryable } from "../../server/db.ts";
import { ackDeliveries } from "../../server/store/ack-deliveries.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { refuseResends } from "../../server/store/due-resends.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { redriveDeliveries } from "../../server/store/operate-deliveries.ts";
import { queueRedeliveries } from "../../server/store/queue-redeliveries.ts";
import { makeValves, readValves } from "../../server/store/redelivery-valves.ts";
import { pauseSubscription } from "../../server/store/subscriptions.ts";
import { pauseTopic, resumeTopic } from "../../server/store/pauses.ts";
import { timeOutDeliveries } from "../../server/store/time-out-deliveries.ts";
import { type Given, LANE, useRecover } from "./recover-fixture.ts";

const fixture = useRecover();
const db = fixture.database;
const WAIT = { timeout: 15_000, interval: 20 };

/** Messages whose first attempt timed out, and whose next one is due. */
async function dueAgain(draft: Parameters<typeof fixture.given>[0], count: number): Promise<Given> {
  const given = await fixture.given(draft, count);
  const { id } = given.subscription;
  await fixture.passTime(id, 3600);
  await timeOutDeliveries(db.hot, [id], count);
  await fixture.forgive(id);
  await fixture.passTime(id, 7200);
  return given;
}

async function give(given: Given, limit: number, on: Queryable = db.hot) {
  const { id } = given.subscription;
  await makeValves(db.hot, [id]);
  const [valve] = await readValves(db.hot, [id]);
  return queueRedeliveries(on, { subscriptionId: id, version: valve!.version, limit, probe: null });
}

const queueOf = async (given: Given) =>
  (
    await db.pool.query<{
      message_id: string;
      attempt: number;
      topic_id: number;
      lane: number;
      kind: string;
    }>(
      "SELECT message_id, attempt, topic_id, lane, kind FROM resend WHERE subscription_id = $1 ORDER BY seq",
      [given.subscription.id],
    )
  ).rows;

test("what is due is queued for the relay once, the longest due first, and tells its lane", async () => {
  const given = await dueAgain({}, 3);
  await db.pool.query("UPDATE delivery SET due_at = due_at - interval '1 hour' WHERE message_id = $1", [
    given.ids[2],
  ]);
  const listener = await db.pool.connect();
  const heard: string[] = [];
  try {
    listener.on("notification", ({ payload }) => heard.push(payload ?? ""));
    await listener.query("LISTEN surelay_ready");
    expect(await give(given, 10)).toEqual({ held: true, queued: 3, dead: 0 });
    await listener.query("SELECT 1");
  } finally {
    listener.release(true);
  }
  expect(heard).toContain(`resend:${LANE}`);
  const queue = await queueOf(given);
  expect(queue).toHaveLength(3);
  expect(queue[0]).toEqual({
    message_id: given.ids[2],
    attempt: 2,
    topic_id: given.subscription.retryTopicId,
    lane: LANE,
    kind: "redelivery",
  });
  expect(await give(given, 10)).toEqual({ held: true, queued: 0, dead: 0 });
  for (const delivery of await fixture.deliveries(given))
    expect(delivery).toMatchObject({ state: "WAITING", due_at: null, attempt: 1 });
  expect(await fixture.relay()).toBe(3);
  for (const delivery of await fixture.deliveries(given))
    expect(delivery).toMatchObject({ state: "PENDING", due_at: expect.any(Date), attempt: 2 });
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
});

test("a budget that somebody else has used since is worth nothing", async () => {
  const given = await dueAgain({}, 10);
  const { id } = given.subscription;
  await makeValves(db.hot, [id]);
  const [seen] = await readValves(db.hot, [id]);
  const stale = () =>
    queueRedeliveries(db.hot, { subscriptionId: id, version: seen!.version, limit: 4, probe: null });
  const all = await Promise.all([stale(), stale(), stale(), stale()]);
  expect(all.filter((one) => one.held)).toEqual([{ held: true, queued: 4, dead: 0 }]);
  expect(await stale()).toEqual({ held: false, queued: 0, dead: 0 });
  expect(await queueOf(given)).toHaveLength(4);
  expect(await readValves(db.hot, [id])).toMatchObject([{ inFlight: 4, state: "open" }]);
});

/** What a consumer says of these deliveries. */
async function answer(given: Given, outcome: "retry" | "rejected", attempt: number): Promise<void> {
  const failure = { fingerprint: "f", type: "Timeout", pattern: "p", sample: "s", message: "m", stack: null };
  await ackDeliveries(
    db.hot,
    given.ids.map((messageId) => ({
      messageId,
      subscription: given.subscription.name,
      appId: null,
      outcome,
      attempt,
      retryAfterSeconds: null,
      failure,
    })),
  );
  await fixture.passTime(given.subscription.id, 7200);
}

test("what failed again before its redelivery was marked stays due beside the mark, and its next attempt is queued once", async () => {
  const given = await dueAgain({}, 2);
  await give(given, 1);
  const [first] = (await queueOf(given)).map((row) => row.message_id);
  await answer({ ...given, ids: [first!] }, "retry", 2);
  await db.pool.query("UPDATE delivery SET due_at = due_at - interval '1 day' WHERE message_id = $1", [
    first,
  ]);
  const client = await db.hot.connect();
  try {
    await client.query("BEGIN");
    // What stands in the queue takes no place of this statement's one.
    expect(await give(given, 1, client)).toEqual({ held: true, queued: 1, dead: 0 });
    expect(await fixture.relay()).toBe(1);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
  const failed = (await fixture.deliveries(given)).find((d) => d.message_id === first);
  expect(failed).toMatchObject({ state: "WAITING", due_at: expect.any(Date), attempt: 2 });
  expect(await give(given, 10)).toEqual({ held: true, queued: 1, dead: 0 });
  expect((await queueOf(given)).map((row) => row.attempt)).toEqual([2, 3]);
  await fixture.relay();
  for (const delivery of await fixture.deliveries(given)) expect(delivery.state).toBe("PENDING");
  const differs = (await compareDeliveryFlow(db.pool)).filter(
    (one) => one.subscriptionId === given.subscription.id,
  );
  expect(differs).toEqual([]);
});

test("what an earlier version left waiting for a redelivery that is gone or was had is due from the migration on", async () => {
  const given = await dueAgain({}, 3);
  const [gone, had, queued] = given.ids as [string, string, string];
  await give(given, 10);
  await db.pool.query("DELETE FROM resend WHERE message_id = $1", [gone]);
  await db.pool.query("UPDATE delivery SET attempt = 2 WHERE message_id = $1", [had]);
  const folder = join(projectRoot(), "prisma/migrations/20261122040000_waiting_is_due");
  await db.pool.query(readFileSync(join(folder, "migration.sql"), "utf8"));
  const due = (await fixture.deliveries(given)).map((d) => [d.message_id, d.due_at !== null]);
  expect(Object.fromEntries(due)).toEqual({ [gone]: true, [had]: true, [queued]: false });
  expect(await give(given, 10)).toEqual({ held: true, queued: 1, dead: 0 });
  await fixture.relay();
  expect(await give(given, 10)).toEqual({ held: true, queued: 1, dead: 0 });
  expect((await queueOf(given)).map((row) => row.attempt)).toEqual([3]);
});

test("what was given up and redriven while its redelivery stood in the queue is delivered by that one", async () => {
  const given = await dueAgain({}, 1);
  await give(given, 1);
  await answer(given, "rejected", 1);
  const [messageId] = given.ids as [string];
  const key = { messageId, subscriptionId: given.subscription.id };
  expect(await redriveDeliveries(db.pool, [key], { operator: "mara", reason: "it is mended" })).toHaveLength(
    1,
  );
  const [valve] = await readValves(db.hot, [key.subscriptionId]);
  const probe = { ...key, version: valve!.version, limit: 5, probe: { waitMs: 1000 } };
  expect(await queueRedeliveries(db.hot, probe)).toEqual({ held: true, queued: 0, dead: 0 });
  // A probe of nothing is none.
  expect(await readValves(db.hot, [key.subscriptionId])).toMatchObject([
    { state: "open", version: valve!.version },
  ]);
  expect(await fixture.relay()).toBe(1);
  expect(await fixture.deliveries(given)).toMatchObject([{ state: "PENDING", attempt: 2 }]);
  expect(await give(given, 10)).toEqual({ held: true, queued: 0, dead: 0 });
});

test("what was redriven and whose redelivery the broker then refuses for good is given up with it", async () => {
  const given = await dueAgain({}, 1);
  await give(given, 1);
  await answer(given, "rejected", 1);
  const [messageId] = given.ids as [string];
  const key = { messageId, subscriptionId: given.subscription.id };
  await redriveDeliveries(db.pool, [key], { operator: "mara", reason: "it is mended" });
  const { rows } = await db.pool.query<{ id: string }>("SELECT id FROM resend WHERE kind = 'redelivery'");
  const { epoch } = (await acquireLane(db.pool, { lane: 1, owner: "test", ttlMs: 60_000 }))!;
  const refused = [{ id: rows[0]!.id, reason: "too large" }];
  expect(await refuseResends(db.hot, { lane: 1, epoch, refused })).toEqual({ leaseHeld: true, moved: 1 });
  expect(await fixture.deliveries(given)).toMatchObject([
    { state: "DEAD", due_at: null, reason: "too large" },
  ]);
  expect(await give(given, 10)).toEqual({ held: true, queued: 0, dead: 0 });
});

test("paused, a subscription or its topic gets nothing, loses nothing, and goes on where it stood", async () => {
  const given = await dueAgain({}, 2);
  const by = { by: "ada", reason: "maintenance" };
  await pauseSubscription(db.pool, given.topic, "shipping", by);
  expect(await give(given, 10)).toEqual({ held: false, queued: 0, dead: 0 });
  await fixture.start();
  await pauseSubscription(db.pool, given.topic, "shipping", null);
  await expect.poll(async () => (await queueOf(given)).length, WAIT).toBe(2);
  await fixture.relay();
  await pauseTopic(db.pool, given.subscription.topicId, by);
  await fixture.passTime(given.subscription.id, 3600);
  await expect
    .poll(async () => new Set((await fixture.deliveries(given)).map((d) => d.state)), WAIT)
    .toEqual(new Set(["WAITING"]));
  await fixture.passTime(given.subscription.id, 3600);
  expect(await give(given, 10)).toEqual({ held: false, queued: 0, dead: 0 });
  await resumeTopic(db.pool, given.subscription.topicId);
  await expect.poll(async () => (await queueOf(given)).map((row) => row.attempt), WAIT).toEqual([3, 3]);
});

test("no more are in flight than the subscription allows, however many are due", async () => {
  const given = await dueAgain({ retry: { maxInFlight: 7, maxAttempts: 100 } }, 30);
  await Promise.all([fixture.start(), fixture.start(), fixture.start(), fixture.start()]);
  await expect.poll(async () => (await queueOf(given)).length, WAIT).toBe(7);
  const most = { inFlight: 0, done: 0 };
  while (most.done < 30) {
    const { rows } = await db.pool.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM resend WHERE subscription_id = $1)::int
            + (SELECT count(*) FROM delivery WHERE subscription_id = $1 AND state = 'PENDING' AND attempt > 1)::int AS n`,
      [given.subscription.id],
    );
    most.inFlight = Math.max(most.inFlight, rows[0]!.n);
    await fixture.relay();
    // Its consumers handle what they got.
    const { rowCount } = await db.pool.query(
      "UPDATE delivery SET state = 'ACKED', due_at = NULL WHERE subscription_id = $1 AND state = 'PENDING' AND attempt > 1",
      [given.subscription.id],
    );
    most.done += rowCount ?? 0;
  }
  expect(most.inFlight).toBe(7);
  expect(await queueOf(given)).toEqual([]);
});

test("redeliveries flow no faster than the subscription's rate", async () => {
  const given = await dueAgain({ retry: { ratePerSecond: 20 } }, 60);
  const started = Date.now();
  await Promise.all([fixture.start(), fixture.start()]);
  await expect.poll(async () => (await queueOf(given)).length, WAIT).toBe(60);
  const seconds = (Date.now() - started) / 1000;
  // A second's worth may have gathered beforehand.
  expect(seconds).toBeGreaterThan((60 - 20) / 20 - 0.2);
  expect(seconds).toBeLessThan(15);
});

test("a maximum that was lowered is not exceeded: what has used it up is dead", async () => {
  const given = await dueAgain({ retry: { maxAttempts: 5 }, deadLetterTopic: true }, 3);
  await db.pool.query("UPDATE subscription SET max_attempts = 1 WHERE id = $1", [given.subscription.id]);
  expect(await give(given, 10)).toEqual({ held: true, queued: 0, dead: 3 });
  for (const delivery of await fixture.deliveries(given))
    expect(delivery).toMatchObject({ state: "DEAD", reason: "its attempts are used up: 1 of 1" });
  expect((await queueOf(given)).map((row) => row.kind)).toEqual(Array(3).fill("dead_letter"));
  const differs = (await compareDeliveryFlow(db.pool)).filter(
    (one) => one.subscriptionId === given.subscription.id,
  );
  expect(differs).toEqual([]);
});
