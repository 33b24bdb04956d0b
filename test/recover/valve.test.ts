import { expect, test } from "vitest";
import { VALVE_PROBES } from "../../server/domain/redelivery-valve.ts";
import { resetValve } from "../../server/services/deliveries/reset-valve.ts";
import { type Given, useRecover } from "./recover-fixture.ts";

const fixture = useRecover();
const db = fixture.database;
const WAIT = { timeout: 20_000, interval: 20 };
const BY = {
  actor: { id: "1", username: "ada" },
  from: { ip: undefined, userAgent: undefined },
  reason: "mended",
};
const AT_ONCE = { maxAttempts: 8, firstDelaySeconds: 0, maxDelaySeconds: 0, jitter: 0 };

async function valveOf(given: Given) {
  const { rows } = await db.pool.query<{ state: string; trips: number; last_error: string | null }>(
    "SELECT state, trips, last_error FROM subscription_valve WHERE subscription_id = $1",
    [given.subscription.id],
  );
  return rows[0];
}
const stateOf = async (given: Given) => (await valveOf(given))?.state;
const missDeadlines = (given: Given) => fixture.passTime(given.subscription.id, 3600);
const probeNow = (given: Given) =>
  db.pool.query("UPDATE subscription_valve SET probe_at = now() WHERE subscription_id = $1", [
    given.subscription.id,
  ]);
const attemptsOf = async (given: Given) => (await fixture.deliveries(given)).map((d) => d.attempt);

/** A subscription whose consumers are away: its redeliveries are held back. */
async function outage(count: number): Promise<Given> {
  const given = await fixture.given({ retry: AT_ONCE }, count);
  await missDeadlines(given);
  await fixture.start();
  await expect.poll(() => stateOf(given), WAIT).toBe("throttled");
  return given;
}

/** What consumers say of all they have, as acknowledging does to rows and counters. */
async function acknowledge(given: Given): Promise<void> {
  await db.pool.query(
    `WITH moved AS (
       UPDATE delivery SET state = 'ACKED', due_at = NULL, moved_at = now()
       WHERE subscription_id = $1 AND state = 'PENDING' RETURNING subscription_id)
     INSERT INTO delivery_flow AS f (minute, state, subscription_id, slot, entered)
     SELECT date_bin('1 minute', now(), timestamptz 'epoch'), 'ACKED', subscription_id, 77, count(*) FROM moved GROUP BY 3
     ON CONFLICT (minute, state, subscription_id, slot) DO UPDATE SET entered = f.entered + excluded.entered`,
    [given.subscription.id],
  );
}

test("an outage holds redeliveries back and uses up no attempts but those of a few probes", async () => {
  const given = await outage(200);
  expect(await valveOf(given)).toMatchObject({
    trips: 1,
    last_error: "timed_out: No acknowledgement came within 30 s.",
  });
  expect(await attemptsOf(given)).toEqual(Array(200).fill(1));
  for (let trip = 2; trip <= 3; trip++) {
    await probeNow(given);
    await expect.poll(() => stateOf(given), WAIT).toBe("probing");
    expect(await fixture.relay()).toBe(VALVE_PROBES);
    await missDeadlines(given);
    await expect.poll(async () => (await valveOf(given))?.trips, WAIT).toBe(trip);
    expect(await stateOf(given)).toBe("throttled");
  }
  const attempts = await attemptsOf(given);
  expect(attempts.filter((attempt) => attempt > 1).length).toBeLessThanOrEqual(2 * VALVE_PROBES);
  expect(attempts.reduce((a, b) => a + b, 0)).toBe(200 + 2 * VALVE_PROBES);
  expect(new Set((await fixture.deliveries(given)).map((d) => d.state))).toEqual(new Set(["WAITING"]));
});

test("when probes succeed everything flows again by itself", async () => {
  const given = await outage(40);
  await probeNow(given);
  await expect.poll(() => stateOf(given), WAIT).toBe("probing");
  expect(await fixture.relay()).toBe(VALVE_PROBES);
  await acknowledge(given);
  await expect.poll(() => stateOf(given), WAIT).toBe("open");
  expect((await valveOf(given))?.trips).toBe(0);
  let left = 40 - VALVE_PROBES;
  await expect.poll(async () => (left -= await fixture.relay()), WAIT).toBe(0);
  await acknowledge(given);
  expect(new Set((await fixture.deliveries(given)).map((d) => d.state))).toEqual(new Set(["ACKED"]));
});

test("first attempts that succeed are enough to open it", async () => {
  const given = await outage(12);
  const more = await db.pool.query(
    `INSERT INTO delivery_flow (minute, state, subscription_id, slot, entered)
     VALUES (date_bin('1 minute', now(), timestamptz 'epoch'), 'ACKED', $1, 78, 30)`,
    [given.subscription.id],
  );
  expect(more.rowCount).toBe(1);
  await expect.poll(() => stateOf(given), WAIT).toBe("open");
});

test("an operator opens it by hand, once, and what failed before does not close it again", async () => {
  const given = await outage(20);
  const of = { topic: given.topic, subscription: "shipping" };
  expect(await resetValve(db.pool, of, BY)).toEqual({ reset: true });
  let sent = 0;
  await expect.poll(async () => (sent += await fixture.relay()), WAIT).toBe(20);
  expect(await stateOf(given)).toBe("open");
  expect(await resetValve(db.pool, of, BY)).toEqual({ reset: false });
  await expect(resetValve(db.pool, { ...of, subscription: "nobody" }, BY)).rejects.toMatchObject({
    code: "not_found",
  });
  const { rows } = await db.pool.query(
    "SELECT actor_name, reason, target_id, before->>'state' AS before FROM audit_log WHERE action = 'subscription.reset_valve' AND target_id = $1",
    [`${given.topic}/shipping`],
  );
  expect(rows).toEqual([
    { actor_name: "ada", reason: "mended", target_id: `${given.topic}/shipping`, before: "throttled" },
  ]);
  // They fail again: it closes again.
  await missDeadlines(given);
  await expect.poll(() => stateOf(given), WAIT).toBe("throttled");
});

test("a few bad messages among many close nothing", async () => {
  const given = await fixture.given({ retry: AT_ONCE }, 60);
  await db.pool.query(
    `UPDATE delivery SET due_at = now() WHERE subscription_id = $1 AND message_id = ANY($2::uuid[])`,
    [given.subscription.id, given.ids.slice(0, 20)],
  );
  await db.pool.query(
    `INSERT INTO delivery_flow (minute, state, subscription_id, slot, entered)
     VALUES (date_bin('1 minute', now(), timestamptz 'epoch'), 'ACKED', $1, 78, 40)`,
    [given.subscription.id],
  );
  await fixture.start();
  let sent = 0;
  await expect.poll(async () => (sent += await fixture.relay()), WAIT).toBe(20);
  expect(await stateOf(given)).toBe("open");
});
