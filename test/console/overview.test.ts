import { beforeEach, expect, test } from "vitest";
import { newMessageId } from "../../server/domain/message-id.ts";
import { appendAudit } from "../../server/store/audit.ts";
import { confirmMessages } from "../../server/store/confirm-messages.ts";
import { openBreaker } from "../../server/store/check-breakers.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { recordOutboxFailures } from "../../server/store/outbox-failures.ts";
import { acquireSource, setSourceFault } from "../../server/store/outbox-progress.ts";
import { insertOutboxSource, pauseOutboxSource } from "../../server/store/outbox-sources.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { insertPrepared, insertReady } from "../../server/store/store-messages.ts";
import { setTopicFault } from "../../server/store/topics.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { contextOf, operatorWith } from "./console-context.ts";

const db = useDatabase();
const KINDS = ["api", "relay", "confirm", "recover", "sweep"];

beforeEach(async () => {
  await db.pool.query(
    `TRUNCATE message, message_state, message_flow, message_flow_history, worker_instance, topic, app CASCADE`,
  );
  await db.pool.query(
    "UPDATE lane SET owner = NULL, expires_at = NULL, fault_since = NULL, fault_detail = NULL",
  );
});

/** Answers are shared for a second per pool; a pool of one's own sees the present. */
async function look<T>(ask: (caller: ReturnType<typeof createCaller>) => Promise<T>): Promise<T> {
  const pool: Pool = createPool({ url: db.url, max: 6, name: "look", log: silentLog });
  try {
    return await ask(createCaller(contextOf(pool, operatorWith("viewer"))));
  } finally {
    await pool.end();
  }
}

async function startAll(): Promise<void> {
  await db.pool.query(
    `INSERT INTO worker_instance (kind, name, host, pid, version, started_at, heartbeat_at)
     SELECT kind, 'vm', 'vm', 1, '1.0.0', now() - interval '1 hour', now() FROM unnest($1::text[]) AS kind`,
    [KINDS],
  );
  for (let lane = 0; lane < 4; lane++) await acquireLane(db.pool, { lane, owner: "vm", ttlMs: 600_000 });
}

test("a fresh installation says what it lacks", async () => {
  const empty = await look((caller) => caller.overview.read());
  expect(empty.begun).toEqual({ app: false, topic: false, key: false, message: false });
  expect(empty.health.problems.map((p) => p.kind === "nobody_runs" && p.worker)).toEqual(
    expect.arrayContaining(KINDS),
  );
  await declare(db.pool);
  expect((await look((caller) => caller.overview.read())).begun).toEqual({
    app: true,
    topic: true,
    key: false,
    message: false,
  });
});

test("backlogs, ages and rates follow the messages; the oldest is told to the millisecond", async () => {
  await startAll();
  const owner = await declare(db.pool);
  const messages = Array.from({ length: 5 }, () => newMessage(owner, { lane: 0 }));
  await insertPrepared(db.hot, messages);
  await confirmMessages(db.hot, messages.slice(0, 3), "producer");
  await insertReady(db.hot, [newMessage(owner, { deliverAt: new Date(Date.now() + 3_600_000) })]);
  const { rows } = await db.pool.query<{ epoch: string }>("SELECT epoch FROM lane WHERE lane = 0");
  await markSent(db.hot, {
    lane: 0,
    epoch: BigInt(rows[0]!.epoch),
    progressOffset: 1n,
    sent: [{ id: messages[0]!.id, partition: 0, offset: 1n }],
  });
  const { rows: oldest } = await db.pool.query<{ prepared: Date; ready: Date }>(
    `SELECT min(stored_at) FILTER (WHERE state = 'PREPARED') AS prepared,
            min(decided_at) FILTER (WHERE state = 'READY') AS ready FROM message_state`,
  );
  const overview = await look((caller) => caller.overview.read());
  expect(overview.health).toMatchObject({ verdict: "well", problems: [] });
  expect(overview.steps.PREPARED).toMatchObject({ count: 2, oldestAt: oldest[0]!.prepared, exact: true });
  expect(overview.steps.READY).toMatchObject({ count: 2, oldestAt: oldest[0]!.ready, exact: true });
  expect(overview.steps.SCHEDULED.count).toBe(1);
  expect(overview.nextScheduledAt).toBeInstanceOf(Date);
  expect(overview.topics).toMatchObject([
    { name: "orders.created", prepared: 2, ready: 2, scheduled: 1, stuck: 0 },
  ]);
  expect(overview.apps).toMatchObject([{ name: "orders", prepared: 2, ready: 2 }]);

  // A minute later what came in is a rate.
  await db.pool.query("UPDATE message_flow SET minute = minute - interval '1 minute'");
  const later = await look((caller) => caller.overview.read());
  expect(later.steps.PREPARED).toMatchObject({ lastMinute: 5, lastFive: 5 });
  expect(later.steps.SENT).toMatchObject({ lastMinute: 1, count: 0 });
  const series = await look((caller) => caller.overview.series({ span: "hour" }));
  expect(series.points.at(-2)).toMatchObject({ stored: 6, sent: 1, cancelled: 0, rejected: 0 });
});

test("a topic that is missing and a producer that does not decide are named, with counts and whose turn it is", async () => {
  await startAll();
  const owner = await declare(db.pool);
  const bills = await declare(db.pool, { app: "billing", topic: "bills" });
  const undecided = [newMessage(owner), newMessage(owner)];
  await insertPrepared(db.hot, undecided);
  await db.pool.query("UPDATE message_state SET check_at = now() - interval '5 minutes' WHERE id = $1", [
    undecided[0]!.id,
  ]);
  const parked = [newMessage(bills), newMessage(bills), newMessage(bills)];
  await insertReady(db.hot, parked);
  await db.pool.query("UPDATE message_state SET held_at = now() WHERE id = ANY($1::uuid[])", [
    parked.map((m) => m.id),
  ]);
  await setTopicFault(db.pool, bills.topicId, "topic_missing", "bills is not there");

  const { health, held } = await look((caller) => caller.overview.read());
  expect(health.verdict).toBe("stopped");
  expect(health.problems).toMatchObject([
    { kind: "topic_fault", topic: "bills", count: 3, turn: "broker", detail: "bills is not there" },
    { kind: "prepared_overdue", app: "orders", count: 1, turn: "producer", atLeast: false },
  ]);
  expect(held).toMatchObject({ count: 3, atLeast: false });
});

test("an app that cannot be reached and sources that are not collected are named, each once", async () => {
  await startAll();
  const owner = await declare(db.pool);
  await insertPrepared(db.hot, [newMessage(owner), newMessage(owner)]);
  await db.pool.query("UPDATE message_state SET check_at = now() - interval '2 minutes'");
  await openBreaker(db.pool, {
    appId: owner.appId,
    trips: 1,
    openMs: 60_000,
    failures: 5,
    lastError: "connect ECONNREFUSED",
  });
  for (const name of ["refusing", "faulty", "paused", "unowned"])
    await insertOutboxSource(db.pool, {
      name,
      app: "orders",
      kind: "postgresql",
      layout: "surelay",
      connection: "SURELAY_SOURCE_SHOP",
      table: "surelay_outbox",
      topicPattern: null,
      orderColumn: null,
    });
  await db.pool.query("UPDATE outbox_source SET created_at = now() - interval '1 minute'");
  for (const name of ["refusing", "faulty", "paused"]) {
    const { rows } = await db.pool.query<{ id: number }>("SELECT id FROM outbox_source WHERE name = $1", [
      name,
    ]);
    const sourceId = rows[0]!.id;
    const { epoch } = (await acquireSource(db.pool, { sourceId, owner: "vm", ttlMs: 600_000 }))!;
    const hold = { sourceId, epoch };
    if (name !== "refusing") await setSourceFault(db.pool, hold, { code: "sign_in", detail: "no such user" });
    else
      await recordOutboxFailures(db.pool, hold, [
        { ref: "1", messageId: null, topic: "none", key: null, code: "not_found", detail: "no such topic" },
      ]);
  }
  await pauseOutboxSource(db.pool, "paused", { by: "admin", reason: "moving" });
  const { health } = await look((caller) => caller.overview.read());
  expect(health.verdict).toBe("stopped");
  const told = health.problems.map((problem) => [problem.kind, "source" in problem ? problem.source : null]);
  expect(told.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
    ["app_unreachable", null],
    ["source_fault", "faulty"],
    ["source_paused", "paused"],
    ["source_refused", "refusing"],
    ["source_unowned", "unowned"],
  ]);
  expect(health.problems.find(({ kind }) => kind === "app_unreachable")).toMatchObject({
    app: "orders",
    count: 2,
    lastError: "connect ECONNREFUSED",
  });
});

test("changes of the last day: starts together, faults, operators' actions; not who signed in", async () => {
  await startAll();
  const owner = await declare(db.pool);
  await setTopicFault(db.pool, owner.topicId, "topic_missing", "gone");
  const user = { id: newMessageId(), name: "night-shift" };
  await db.pool.query("INSERT INTO auth_user (id, name, email, username) VALUES ($1, $2, $2, $2)", [
    user.id,
    user.name,
  ]);
  const act = (action: string) =>
    appendAudit(db.pool, {
      actorId: null,
      actorName: "boss",
      action,
      targetKind: "user",
      targetId: user.id,
      reason: "on call",
    });
  await act("session.create");
  await act("user.change_role");
  const changes = await look((caller) => caller.overview.changes());
  expect(changes.map(({ kind }) => kind).toSorted()).toEqual(["action", "started", "topic_fault"]);
  expect(changes.find((c) => c.kind === "action")).toMatchObject({
    action: "user.change_role",
    target: "night-shift",
    reason: "on call",
  });
  expect(changes.find((c) => c.kind === "started")).toMatchObject({
    version: "1.0.0",
    kinds: expect.arrayContaining([{ kind: "relay", count: 1 }]),
  });
});
