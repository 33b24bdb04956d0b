import { expect, test } from "vitest";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { timeOutDeliveries } from "../../server/store/time-out-deliveries.ts";
import { useRecover } from "./recover-fixture.ts";

const fixture = useRecover();
const db = fixture.database;
const ALL = 1000;

test("a missed deadline makes a delivery wait for its next attempt, noted and counted", async () => {
  const given = await fixture.given(
    { ackTimeoutSeconds: 45, retry: { firstDelaySeconds: 10, factor: 2, jitter: 0.2, maxAttempts: 3 } },
    4,
  );
  const { id } = given.subscription;
  expect(await timeOutDeliveries(db.hot, [id], ALL)).toEqual({ waiting: 0, dead: 0, putOff: 0 });
  await fixture.passTime(id, 46);
  expect(await timeOutDeliveries(db.hot, [id], 3)).toEqual({ waiting: 3, dead: 0, putOff: 0 });
  expect(await timeOutDeliveries(db.hot, [id], ALL)).toEqual({ waiting: 1, dead: 0, putOff: 0 });
  for (const { state, due_at, attempt, reason } of await fixture.deliveries(given)) {
    expect([state, attempt, reason]).toEqual(["WAITING", 1, null]);
    const inMs = due_at!.getTime() - Date.now();
    expect(inMs).toBeGreaterThan(3000);
    expect(inMs).toBeLessThan(12_500);
  }
  const lines = await fixture.attempts(given);
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatchObject({
    kind: "timed_out",
    by: "recover",
    attempt: 1,
    error_type: "timed_out",
    error_message: "No acknowledgement came within 45 s.",
    retry_at: expect.any(Date),
  });
  const { rows } = await db.pool.query(
    `SELECT g.error_type, g.pattern, g.sample, g.failures::int, (SELECT sum(failures)::int FROM failure_flow WHERE group_id = g.id) AS flow,
       (SELECT count(*)::int FROM delivery WHERE failure_group_id = g.id) AS deliveries
     FROM failure_group g WHERE subscription_id = $1`,
    [id],
  );
  expect(rows).toEqual([
    {
      error_type: "timed_out",
      pattern: "No acknowledgement came within <number> s.",
      sample: "No acknowledgement came within 45 s.",
      failures: 4,
      flow: 4,
      deliveries: 4,
    },
  ]);
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
  expect(await compareFlow(db.pool)).toEqual([]);
});

test("with its attempts used up a delivery is dead, and its dead letter is queued once", async () => {
  const given = await fixture.given({ retry: { maxAttempts: 1 }, deadLetterTopic: true }, 2);
  const { id } = given.subscription;
  await fixture.passTime(id, 31);
  expect(await timeOutDeliveries(db.hot, [id], ALL)).toEqual({ waiting: 0, dead: 2, putOff: 0 });
  expect(await timeOutDeliveries(db.hot, [id], ALL)).toEqual({ waiting: 0, dead: 0, putOff: 0 });
  for (const delivery of await fixture.deliveries(given))
    expect(delivery).toMatchObject({
      state: "DEAD",
      due_at: null,
      reason: "its attempts are used up: 1 of 1",
    });
  expect((await fixture.attempts(given)).map((line) => [line.kind, line.reason])).toEqual(
    expect.arrayContaining([
      ["timed_out", null],
      ["dead", "its attempts are used up: 1 of 1"],
    ]),
  );
  const { rows } = await db.pool.query(
    "SELECT kind, headers->>'surelay-error-type' AS type FROM resend WHERE subscription_id = $1",
    [id],
  );
  expect(rows).toEqual(Array(2).fill({ kind: "dead_letter", type: "timed_out" }));
  const { rows: open } = await db.pool.query(
    "SELECT DISTINCT state, open_deliveries FROM message_state WHERE id = ANY($1::uuid[])",
    [given.ids],
  );
  expect(open).toEqual([{ state: "SENT", open_deliveries: 1 }]);
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
});

test("deadlines of webhooks and of removed subscriptions are not recovery's", async () => {
  const webhook = await fixture.given({ ack: "webhook", webhook: { url: "http://127.0.0.1:9/" } }, 1);
  const removed = await fixture.given({}, 1);
  await db.pool.query("UPDATE subscription SET removed_at = now() WHERE id = $1", [removed.subscription.id]);
  const ids = [webhook.subscription.id, removed.subscription.id];
  for (const id of ids) await fixture.passTime(id, 60);
  expect(await timeOutDeliveries(db.hot, ids, ALL)).toEqual({ waiting: 0, dead: 0, putOff: 0 });
});

test("an answer that is just being written keeps its delivery", async () => {
  const given = await fixture.given({}, 3);
  const { id } = given.subscription;
  await fixture.passTime(id, 31);
  const answering = await db.pool.connect();
  try {
    await answering.query("BEGIN");
    await answering.query("SELECT FROM delivery WHERE message_id = $1 AND subscription_id = $2 FOR UPDATE", [
      given.ids[1],
      id,
    ]);
    expect(await timeOutDeliveries(db.hot, [id], ALL)).toEqual({ waiting: 2, dead: 0, putOff: 0 });
    await answering.query("COMMIT");
  } finally {
    answering.release();
  }
  expect(await timeOutDeliveries(db.hot, [id], ALL)).toEqual({ waiting: 1, dead: 0, putOff: 0 });
});

test("many at once, from four connections: each deadline is missed once", async () => {
  const given = await fixture.given({ ackTimeoutSeconds: 5 }, 600);
  const { id } = given.subscription;
  await fixture.passTime(id, 6);
  const work = async () => {
    let moved = 0;
    for (;;) {
      const { waiting } = await timeOutDeliveries(db.hot, [id], 50);
      if (waiting === 0) return moved;
      moved += waiting;
    }
  };
  const moved = await Promise.all([work(), work(), work(), work()]);
  expect(moved.reduce((a, b) => a + b)).toBe(600);
  expect(await fixture.attempts(given)).toHaveLength(600);
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
});
