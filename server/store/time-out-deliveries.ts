import type { Queryable } from "../db.ts";
import { fingerprintError } from "../domain/fingerprint-error.ts";
import { nextLook } from "./ack-deadline.ts";
import { countFailures } from "./count-failures.ts";
import { countDeliveries } from "./delivery-flow.ts";
import { queueDeadLetters } from "./queue-dead-letters.ts";
import { nextDelay } from "./redelivery-delay.ts";
import { plainArray } from "./sql-array.ts";

/** What a missed deadline is counted as; the seconds are the subscription's own and make no groups of their own. */
export const TIMED_OUT = fingerprintError({
  type: "timed_out",
  message: "No acknowledgement came within 30 s.",
});

/** Why a delivery is DEAD when its attempts are used up; `made` and `most` are SQL of numbers. */
export const usedUpReason = (made: string, most: string): string =>
  `'its attempts are used up: ' || ${made} || ' of ' || ${most}`;

/** Whether the group of `x` has ever committed anything of its topic, or its retry topic: only then its offsets say what it read. */
const READS = (retry: boolean): string =>
  `EXISTS (SELECT FROM group_progress g WHERE g.subscription_id = x.id AND g.retry = ${retry} AND g.committed IS NOT NULL)`;

/**
 * Deadlines subscription by subscription, each by its own stretch of the index. Whoever has locked a delivery (an answer
 * that is just being written, another replica) keeps it; the next pass looks again. No message is locked: neither WAITING
 * nor DEAD settles anything. The claim has judged the state of what it locked; the UPDATE goes by the primary key alone, or
 * the planner would hold every row of a state's index against every row of the claim. The delay is random, so that what timed out together does not come back together.
 *
 * What its group has not reached for long enough is not late: its deadline is put off (server/domain/ack-deadline.ts). Where
 * the record stands is looked up only for a group that is known to read the topic: first attempts in the message's row,
 * redeliveries in the note of the relay.
 */
const TIME_OUT = `
  WITH asked AS MATERIALIZED (
    SELECT x.id, x.max_attempts, x.ack_timeout_seconds, x.ack_timeout_seconds * interval '1 second' AS ack_timeout,
           ${READS(false)} AS reads, ${READS(true)} AS reads_retries
    FROM unnest($1::int[]) AS asked(id) JOIN subscription x ON x.id = asked.id
    WHERE x.ack = 'explicit' AND x.removed_at IS NULL
  ), claimed AS MATERIALIZED (
    SELECT d.*, ${nextLook({ d: "d", r: "record", g: "g", timeout: "x.ack_timeout" })} AS look_at
    FROM asked x
    CROSS JOIN LATERAL (
      SELECT o.message_id, o.subscription_id, o.attempt, o.moved_at, o.due_at, o.attempt - o.drive_from AS made
      FROM delivery o
      WHERE o.subscription_id = x.id AND o.state = 'PENDING' AND o.due_at <= now()
      ORDER BY o.due_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ) d
    LEFT JOIN LATERAL (
      SELECT s.broker_partition, s.broker_offset FROM message_state s
      WHERE x.reads AND d.attempt = 1 AND s.id = d.message_id
      UNION ALL
      SELECT a.broker_partition, a.broker_offset FROM delivery_attempt a
      WHERE x.reads_retries AND d.attempt > 1 AND a.message_id = d.message_id AND a.subscription_id = d.subscription_id
        AND a.kind = 'redelivered' AND a.attempt = d.attempt
      LIMIT 1
    ) record ON true
    LEFT JOIN group_progress g
      ON g.subscription_id = x.id AND g.retry = (d.attempt > 1) AND g.partition = record.broker_partition
  ), put_off AS (
    UPDATE delivery d SET due_at = c.look_at FROM claimed c
    WHERE c.look_at > now() AND d.message_id = c.message_id AND d.subscription_id = c.subscription_id
    RETURNING 1
  ), due AS MATERIALIZED (
    SELECT c.message_id, c.subscription_id, c.attempt, c.moved_at AS left_at, c.made, x.max_attempts, c.made >= x.max_attempts AS used_up,
           x.ack_timeout_seconds, now() + ${nextDelay({ subscription: "x", made: "c.made" })} AS retry_at,
           $3::text AS fingerprint, $4::text AS error_type, $5::text AS pattern,
           'No acknowledgement came within ' || x.ack_timeout_seconds || ' s.' AS sample
    FROM claimed c JOIN subscription x ON x.id = c.subscription_id
    WHERE c.look_at <= now()
  ), ${countFailures("due")}, moved AS (
    UPDATE delivery d
    SET state = CASE WHEN due.used_up THEN 'DEAD' ELSE 'WAITING' END::delivery_state,
        due_at = CASE WHEN due.used_up THEN NULL ELSE due.retry_at END, moved_at = now(), failure_group_id = g.id,
        reason = CASE WHEN due.used_up THEN ${usedUpReason("due.made", "due.max_attempts")} END
    FROM due JOIN failed_group g ON g.subscription_id = due.subscription_id
    WHERE d.message_id = due.message_id AND d.subscription_id = due.subscription_id
    RETURNING d.message_id, d.subscription_id, d.state, d.attempt, d.due_at, d.reason, d.moved_at AS entered_at,
              d.failure_group_id, 'PENDING'::delivery_state AS left_state, due.left_at,
              due.error_type, due.sample AS error_message
  ), noted AS (
    INSERT INTO delivery_attempt
      (message_id, subscription_id, attempt, kind, by, error_type, error_message, failure_group_id, retry_at, reason)
    SELECT m.message_id, m.subscription_id, m.attempt, line.kind, 'recover', line.error_type, line.error_message,
           m.failure_group_id, line.retry_at, line.reason
    FROM moved m CROSS JOIN LATERAL (VALUES
      ('timed_out', m.error_type, m.error_message, m.due_at, NULL),
      ('dead', NULL, NULL, NULL, m.reason)) AS line(kind, error_type, error_message, retry_at, reason)
    WHERE line.kind = 'timed_out' OR m.state = 'DEAD'
  ), died AS (
    SELECT message_id, subscription_id, attempt, reason, error_type, error_message FROM moved WHERE state = 'DEAD'
  ), ${queueDeadLetters({ from: "died" })}, ${countDeliveries({ from: "moved", left: true })}
  SELECT count(*) FILTER (WHERE state = 'WAITING')::int, count(*) FILTER (WHERE state = 'DEAD')::int,
         (SELECT count(*)::int FROM put_off), (SELECT count(*)::int FROM dead_letter_wake)
  FROM moved`;

export interface TimedOut {
  waiting: number;
  dead: number;
  /** Not late: their groups have not reached them, or not for long enough. */
  putOff: number;
}

/**
 * PENDING past its deadline → WAITING for its next attempt, or → DEAD with its attempts used up, of explicit subscriptions.
 * What their groups have not had in hand for that long stays PENDING and is looked at again.
 * One statement moves, notes, counts and queues dead letters: a process that dies has done all of it or nothing, and one
 * that was frozen since finds none of them due.
 *
 * @param limit most deliveries of each subscription
 */
export async function timeOutDeliveries(
  db: Queryable,
  subscriptionIds: readonly number[],
  limit: number,
): Promise<TimedOut> {
  const { rows } = await db.query<[number, number, number, number]>({
    name: "time-out-deliveries",
    text: TIME_OUT,
    values: [plainArray(subscriptionIds), limit, TIMED_OUT.fingerprint, TIMED_OUT.type, TIMED_OUT.pattern],
    rowMode: "array",
  });
  const [waiting, dead, putOff] = rows[0]!;
  return { waiting, dead, putOff };
}
