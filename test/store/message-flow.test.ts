import { expect, test } from "vitest";
import type { PoolClient } from "../../server/db.ts";
import { askLater, cancelChecked, confirmChecked, giveUpChecked } from "../../server/store/apply-checks.ts";
import { askAgain } from "../../server/store/ask-again.ts";
import { cancelMessages } from "../../server/store/cancel-messages.ts";
import { claimDueChecks } from "../../server/store/claim-checks.ts";
import { confirmMessages } from "../../server/store/confirm-messages.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { compareFlow, repairFlow, tidyFlow } from "../../server/store/message-flow-upkeep.ts";
import { markSent, rejectMessages } from "../../server/store/ready-messages.ts";
import { readArrivals, readBacklogs, readFlowSeries } from "../../server/store/read-flow.ts";
import { releaseDue } from "../../server/store/scheduled-messages.ts";
import { insertPrepared, insertReady } from "../../server/store/store-messages.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";

const db = useDatabase();
const WRITERS = 6;
const STEPS = 60;

interface World {
  owners: Awaited<ReturnType<typeof declare>>[];
  ids: { id: string; appId: number }[];
  epoch: bigint;
}

const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)]!;
const some = <T>(items: readonly T[], most: number): T[] =>
  Array.from({ length: Math.min(items.length, 1 + Math.floor(Math.random() * most)) }, () => pick(items));
const LANE = 0;

/** One random transition of a random batch, overlapping whatever the other connections do. */
async function randomStep(connection: PoolClient, world: World): Promise<void> {
  const hold = { lane: LANE, epoch: world.epoch };
  const batch = [...new Map(some(world.ids, 40).map((m) => [m.id, m])).values()];
  const fresh = () =>
    Array.from({ length: 1 + Math.floor(Math.random() * 30) }, () =>
      newMessage(pick(world.owners), {
        lane: LANE,
        deliverAt: Math.random() < 0.3 ? new Date(Date.now() + Math.random() * 300) : null,
      }),
    );
  const store = async (insert: typeof insertPrepared) => {
    const messages = fresh();
    await insert(connection, messages);
    world.ids.push(...messages);
  };
  const steps: (() => Promise<unknown>)[] = [
    () => store(insertPrepared),
    () => store(insertReady),
    () => confirmMessages(connection, batch, "producer"),
    () => cancelMessages(connection, batch.slice(0, 5), "operator"),
    () => releaseDue(connection, 20),
    () =>
      markSent(connection, {
        ...hold,
        progressOffset: 0n,
        sent: batch.map((m, i) => ({ id: m.id, partition: 0, offset: BigInt(i) })),
      }),
    () =>
      rejectMessages(connection, {
        ...hold,
        rejected: batch.slice(0, 4).map((m) => ({ id: m.id, reason: "too large" })),
      }),
    () => checkBack(connection, world),
    () =>
      askAgain(
        connection,
        batch.map((m) => m.id),
      ),
    () => age(connection),
  ];
  for (;;) {
    try {
      await pick(steps)();
      return;
    } catch (error) {
      // Two unordered batches over the same messages: one of them begins again, as the callers do.
      if ((error as { code?: string }).code !== "40P01") throw error;
    }
  }
}

/** Claims a few messages and has their producer answer this or that. */
async function checkBack(connection: PoolClient, world: World): Promise<void> {
  const { appId } = pick(world.owners);
  await connection.query(
    `UPDATE message_state SET check_at = now() WHERE id IN (
       SELECT id FROM message_state WHERE state = 'PREPARED' AND app_id = $1 LIMIT 8 FOR UPDATE SKIP LOCKED)`,
    [appId],
  );
  const claims = await claimDueChecks(connection, [{ appId, wanted: 8, leaseMs: 60_000 }]);
  const answers = claims.map((claim) => ({
    claim,
    url: "http://127.0.0.1:9/check",
    outcome: "unknown" as const,
    error: null,
    detail: null,
    status: 200,
    body: null,
    bodyCut: false,
    durationMs: 1,
    ageMs: 1,
    delayMs: 1000,
    reason: "no answer",
  }));
  const [some, others] = [answers.slice(0, 5), answers.slice(5)];
  await pick([confirmChecked, cancelChecked, giveUpChecked, giveUpChecked])(connection, some);
  if (others.length > 0) await askLater(connection, others);
}

/** Lets time go by: messages and counters alike are a few minutes older, in one statement. */
async function age(connection: PoolClient): Promise<void> {
  const minutes = `interval '${1 + Math.floor(Math.random() * 3)} minutes'`;
  await connection.query("BEGIN");
  try {
    await connection.query("LOCK TABLE message_state, message_flow IN EXCLUSIVE MODE");
    await connection.query(`UPDATE message_state SET stored_at = stored_at - ${minutes}, decided_at = decided_at - ${minutes},
      moved_at = moved_at - ${minutes}, sent_at = sent_at - ${minutes}`);
    await connection.query(`UPDATE message_flow SET minute = minute - interval '10 years'`);
    await connection.query(`UPDATE message_flow SET minute = minute + interval '10 years' - ${minutes}`);
    await connection.query("COMMIT");
  } catch (error) {
    await connection.query("ROLLBACK");
    throw error;
  }
}

test("counters equal the messages at every moment, whoever moves them and whenever they are tidied", async () => {
  const owners = [
    await declare(db.pool),
    await declare(db.pool, { app: "billing", topic: "bills" }),
    await declare(db.pool, { app: "orders", topic: "bills" }),
  ];
  const lease = await acquireLane(db.pool, { lane: LANE, owner: "test", ttlMs: 600_000 });
  const world: World = { owners, ids: [], epoch: lease!.epoch };
  const phase = { running: true };
  let looks = 0;
  const tidied = { merged: 0, settled: 0 };
  const watch = async () => {
    while (phase.running) {
      expect(await compareFlow(db.pool)).toEqual([]);
      looks++;
    }
  };
  const tidy = async () => {
    while (phase.running) {
      const pass = await tidyFlow(db.pool, 30);
      tidied.merged += pass.merged;
      tidied.settled += pass.settled;
    }
  };
  const write = async () => {
    const connection = await db.hot.connect();
    try {
      for (let step = 0; step < STEPS; step++) await randomStep(connection, world);
    } finally {
      connection.release();
    }
  };
  const others = [watch(), tidy(), tidy()];
  try {
    await Promise.all(Array.from({ length: WRITERS }, write));
  } finally {
    phase.running = false;
    await Promise.all(others);
  }
  expect(looks).toBeGreaterThan(5);
  expect(tidied.merged).toBeGreaterThan(0);
  expect(tidied.settled).toBeGreaterThan(0);

  const { rows: actual } = await db.pool.query<{ state: string; n: number }>(
    "SELECT state::text, count(*)::int AS n FROM message_state GROUP BY 1 ORDER BY 1",
  );
  const { rows: arrived } = await db.pool.query<{ state: string; n: number; stored: number }>(
    `SELECT state::text, sum(entered)::int AS n, sum(stored)::int AS stored FROM
     (SELECT state, entered, stored FROM message_flow UNION ALL SELECT state, entered, stored FROM message_flow_history) f
     GROUP BY 1 ORDER BY 1`,
  );
  const count = (of: { state: string; n: number }[], state: string) =>
    of.find((r) => r.state === state)?.n ?? 0;
  for (const state of ["SENT", "CANCELLED"]) expect(count(arrived, state), state).toBe(count(actual, state));
  expect(arrived.reduce((sum, r) => sum + r.stored, 0)).toBe(world.ids.length);
  const backlogs = await readBacklogs(db.pool);
  for (const state of ["PREPARED", "UNDECIDED", "SCHEDULED", "READY", "REJECTED"])
    expect(
      backlogs.filter((b) => b.state === state).reduce((sum, b) => sum + b.count, 0),
      state,
    ).toBe(count(actual, state));
});

test("what was written past the counters is mended beside running writers, once", async () => {
  const owner = await declare(db.pool);
  const messages = Array.from({ length: 20 }, () => newMessage(owner));
  await insertPrepared(db.hot, messages);
  await db.pool.query(
    "UPDATE message_state SET state = 'REJECTED', reason = 'by hand', check_at = NULL, ready_seq = 1 WHERE id = ANY($1::uuid[])",
    [messages.slice(0, 7).map((m) => m.id)],
  );
  expect((await compareFlow(db.pool)).map((d) => [d.state, d.actual - d.counted])).toEqual(
    expect.arrayContaining([
      ["PREPARED", -7],
      ["REJECTED", 7],
    ]),
  );
  const results = await Promise.all([
    repairFlow(db.pool),
    repairFlow(db.pool),
    insertPrepared(db.hot, [newMessage(owner)]),
    confirmMessages(db.hot, messages.slice(7, 12), "producer"),
  ]);
  expect(results.slice(0, 2)).toContainEqual(2);
  expect(await compareFlow(db.pool)).toEqual([]);
  expect(await repairFlow(db.pool)).toBe(0);
});

test("rates and the chart's series hold what came in, by app and topic, without gaps", async () => {
  await db.pool.query("TRUNCATE message_flow, message_flow_history");
  const put = (
    table: string,
    minutesAgo: number,
    state: string,
    appId: number,
    entered: number,
    stored: number,
  ) =>
    db.pool.query(
      `INSERT INTO ${table} (minute, state, app_id, topic_id, entered, stored${table === "message_flow" ? ", slot" : ""})
       VALUES (date_bin('1 minute', now(), timestamptz 'epoch') - $1 * interval '1 minute', $2, $3, 1, $4, $5${table === "message_flow" ? ", 3" : ""})`,
      [minutesAgo, state, appId, entered, stored],
    );
  await put("message_flow", 0, "PREPARED", 1, 9, 9);
  await put("message_flow", 1, "PREPARED", 1, 5, 5);
  await put("message_flow", 1, "SENT", 1, 4, 0);
  await put("message_flow_history", 3, "SENT", 1, 6, 0);
  await put("message_flow_history", 30, "SENT", 2, 70, 0);
  await put("message_flow_history", 5000, "SENT", 2, 1000, 0);
  const arrivals = await readArrivals(db.pool);
  expect(arrivals.find((a) => a.state === "PREPARED")).toMatchObject({
    lastMinute: 5,
    lastFive: 5,
    thisMinute: 9,
  });
  expect(arrivals.find((a) => a.state === "SENT")).toMatchObject({ appId: 1, lastMinute: 4, lastFive: 10 });
  const series = await readFlowSeries(db.pool, { minutes: 60, stepMinutes: 5 });
  expect(series.length).toBeGreaterThanOrEqual(12);
  const steps = series.slice(1).map((point, i) => point.at.getTime() - series[i]!.at.getTime());
  expect(new Set(steps)).toEqual(new Set([300_000]));
  const total = (key: "stored" | "sent") => series.reduce((sum, point) => sum + point[key], 0);
  expect([total("stored"), total("sent")]).toEqual([14, 80]);
  const ofOne = await readFlowSeries(db.pool, { minutes: 60, stepMinutes: 5 }, { appId: 1 });
  expect(ofOne.reduce((sum, point) => sum + point.sent, 0)).toBe(10);
});

test("history is forgotten after its days, and what still waits never is", async () => {
  await db.pool.query("TRUNCATE message_flow, message_flow_history");
  await db.pool.query(
    `INSERT INTO message_flow_history VALUES (now() - interval '9 days', 'SENT', 1, 1, 5, 0), (now() - interval '6 days', 'SENT', 1, 1, 5, 0);`,
  );
  await db.pool.query(
    `INSERT INTO message_flow (minute, state, app_id, topic_id, slot, entered) VALUES (date_bin('1 minute', now() - interval '40 days', timestamptz 'epoch'), 'REJECTED', 1, 1, 4, 2)`,
  );
  await tidyFlow(db.pool, 7);
  expect((await db.pool.query("SELECT count(*)::int AS n FROM message_flow_history")).rows).toEqual([
    { n: 1 },
  ]);
  expect((await readBacklogs(db.pool)).map((b) => [b.state, b.count])).toEqual([["REJECTED", 2]]);
});
