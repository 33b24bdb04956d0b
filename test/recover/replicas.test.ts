import { afterEach, expect, test } from "vitest";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { type Given, useRecover } from "./recover-fixture.ts";
import { type RecoverProcess, startRecoverProcess } from "./start-recover-process.ts";

const fixture = useRecover();
const db = fixture.database;
const MOST = 5;
/** At once, so that a whole life of attempts takes no longer than the statements. */
const AT_ONCE = { maxAttempts: MOST, firstDelaySeconds: 0, maxDelaySeconds: 0, jitter: 0 };

const processes: RecoverProcess[] = [];
afterEach(() => processes.splice(0).forEach((one) => one.kill("SIGKILL")));
async function start(instance: string): Promise<RecoverProcess> {
  const one = await startRecoverProcess(db.url, instance);
  processes.push(one);
  return one;
}

/**
 * The world around recovery while nobody answers: whatever is queued is sent, and every deadline passes. Runs until all are
 * DEAD.
 */
async function letAllFail(all: readonly Given[], meanwhile?: (step: number) => Promise<void>): Promise<void> {
  const ids = all.map((given) => given.subscription.id);
  await Promise.all(ids.map((id) => fixture.vouchFor(id)));
  for (let step = 0; ; step++) {
    await fixture.relay();
    await db.pool.query(
      "UPDATE delivery SET due_at = now() WHERE subscription_id = ANY($1) AND state = 'PENDING' AND due_at > now()",
      [ids],
    );
    await meanwhile?.(step);
    const { rows } = await db.pool.query<{ open: number }>(
      "SELECT count(*)::int AS open FROM delivery WHERE subscription_id = ANY($1) AND state <> 'DEAD'",
      [ids],
    );
    if (rows[0]!.open === 0) return;
  }
}

/** Each attempt was made once, failed once, and none beyond the maximum; each delivery died once. */
async function expectWholeLives(all: readonly Given[]): Promise<void> {
  for (const given of all) {
    const lines = await fixture.attempts(given);
    for (const id of given.ids) {
      const own = lines.filter((line) => line.message_id === id);
      const of = (kind: string) => own.filter((line) => line.kind === kind).map((line) => line.attempt);
      expect(of("timed_out")).toEqual([1, 2, 3, 4, 5]);
      expect(of("redelivered")).toEqual([2, 3, 4, 5]);
      expect(of("dead")).toEqual([5]);
    }
    for (const { attempt, state } of await fixture.deliveries(given))
      expect([attempt, state]).toEqual([MOST, "DEAD"]);
  }
  const { rows } = await db.pool.query("SELECT count(*)::int AS n FROM resend");
  expect(rows).toEqual([{ n: 0 }]);
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
  expect(await compareFlow(db.pool)).toEqual([]);
}

test("four replicas make no more attempts than one, and never one beyond the maximum", async () => {
  const all = [];
  for (let i = 0; i < 3; i++) all.push(await fixture.given({ retry: AT_ONCE }, 60));
  await Promise.all(Array.from({ length: 4 }, () => fixture.start()));
  await letAllFail(all);
  await expectWholeLives(all);
});

test("killed again and again under load: nothing is lost, doubled or counted twice", async () => {
  const all = [await fixture.given({ retry: AT_ONCE }, 150), await fixture.given({ retry: AT_ONCE }, 150)];
  let victim = start("victim-0");
  let kills = 0;
  await letAllFail(all, async (step) => {
    if (step % 4 !== 3 || kills === 5) return;
    (await victim).kill("SIGKILL");
    await (
      await victim
    ).ended;
    victim = start(`victim-${++kills}`);
  });
  await victim;
  expect(kills).toBeGreaterThanOrEqual(1);
  await expectWholeLives(all);
});

test("a statement that the database breaks off between claim and commit has done nothing", async () => {
  const given = await fixture.given({ retry: AT_ONCE }, 20);
  const { id } = given.subscription;
  await db.pool.query(
    "INSERT INTO failure_group (subscription_id, fingerprint, error_type, pattern, sample) SELECT $1, fingerprint, 'x', 'x', 'x' FROM (VALUES ('other')) f(fingerprint)",
    [id],
  );
  // Whoever counts a failure waits here, with its deliveries claimed already.
  const blocker = await db.pool.connect();
  try {
    await blocker.query("BEGIN");
    await blocker.query("LOCK TABLE failure_flow IN EXCLUSIVE MODE");
    const victim = await start("between");
    await db.pool.query("UPDATE delivery SET due_at = now() WHERE subscription_id = $1", [id]);
    const waiting = async () =>
      (
        await db.pool.query<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity WHERE application_name = 'surelay recover hot' AND wait_event_type = 'Lock'
           AND datname = current_database()`,
        )
      ).rows;
    await expect.poll(async () => (await waiting()).length, { timeout: 15_000, interval: 20 }).toBe(1);
    const [backend] = await waiting();
    victim.kill("SIGKILL");
    await victim.ended;
    await db.pool.query("SELECT pg_terminate_backend($1)", [backend!.pid]);
    await expect.poll(async () => (await waiting()).length, { timeout: 15_000, interval: 20 }).toBe(0);
    await blocker.query("ROLLBACK");
  } finally {
    blocker.release();
  }
  expect(new Set((await fixture.deliveries(given)).map((d) => d.state))).toEqual(new Set(["PENDING"]));
  expect(await fixture.attempts(given)).toEqual([]);
  await fixture.start();
  await letAllFail([given]);
  await expectWholeLives([given]);
});

test("frozen, overtaken and woken again, a replica doubles nothing", async () => {
  const given = await fixture.given({ retry: AT_ONCE }, 100);
  const zombie = await start("zombie");
  await letSomeFail(given);
  zombie.kill("SIGSTOP");
  await fixture.start();
  await letAllFail([given], async (step) => {
    // Woken in the midst of the other one's work, frozen again, woken at the end.
    if (step % 6 === 2) zombie.kill("SIGCONT");
    if (step % 6 === 4) zombie.kill("SIGSTOP");
  });
  zombie.kill("SIGCONT");
  zombie.kill("SIGTERM");
  expect(await zombie.ended).toBe(0);
  await expectWholeLives([given]);
});

async function letSomeFail(given: Given): Promise<void> {
  await fixture.vouchFor(given.subscription.id);
  await db.pool.query("UPDATE delivery SET due_at = now() WHERE subscription_id = $1", [
    given.subscription.id,
  ]);
  await expect
    .poll(async () => (await fixture.attempts(given)).length, { timeout: 15_000, interval: 10 })
    .toBeGreaterThan(0);
}
