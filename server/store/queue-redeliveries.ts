import type { Queryable } from "../db.ts";
import { countDeliveries } from "./delivery-flow.ts";
import { minuteOf } from "./message-flow.ts";
import { queueDeadLetters } from "./queue-dead-letters.ts";
import { TOKENS } from "./redelivery-valves.ts";
import { usedUpReason } from "./time-out-deliveries.ts";

/**
 * The valve's row decides who gives out: it is taken only in the version that the caller's budget was worked out from, in
 * which rate, cap and breaker were seen together, and its version goes on with every batch. Another replica's statement,
 * that of a process which slept since, and one for a subscription that was paused meanwhile find no row and do nothing.
 * With nothing to give out the valve stays as it is: no probe begins, and no budget is used.
 *
 * A delivery whose last redelivery still stands in the queue (it is in the broker, its consumer answered it, and the relay has
 * not marked it yet) stays due, and is found when that has left. It waits in the queue by its row there, and by nothing else:
 * to take its due time before the row is in place would leave it, beside a mark that does not see that yet, waiting for nothing.
 *
 * That row is looked for by its message (`resend_delivery_key`), and the query leaves no other way: by the index of a
 * subscription's redeliveries every delivery was held against all that are queued, 2.2 ms each behind 50,000.
 *
 * What is due beyond the maximum (it was lowered since) is given up here instead: attempts never exceed it.
 */
const QUEUE = `
  WITH valve AS MATERIALIZED (
    SELECT v.subscription_id, x.max_attempts, x.retry_topic_id, ${TOKENS} AS tokens
    FROM subscription_valve v JOIN subscription x ON x.id = v.subscription_id JOIN topic t ON t.id = x.topic_id
    WHERE v.subscription_id = $1 AND v.version = $2 AND x.ack = 'explicit' AND x.removed_at IS NULL
      AND x.paused_at IS NULL AND t.paused_at IS NULL
    FOR UPDATE OF v SKIP LOCKED
  ), due AS MATERIALIZED (
    SELECT d.message_id, v.subscription_id, d.due_at, d.moved_at AS left_at, d.attempt, d.attempt - d.drive_from AS made, v.max_attempts,
           d.attempt - d.drive_from >= v.max_attempts AS used_up
    FROM valve v CROSS JOIN LATERAL (
      SELECT o.message_id, o.due_at, o.moved_at, o.attempt, o.drive_from FROM delivery o
      WHERE o.subscription_id = $1 AND o.state = 'WAITING' AND o.due_at <= now() AND NOT EXISTS (
        SELECT FROM resend r
        WHERE r.message_id = o.message_id AND r.subscription_id + 0 = o.subscription_id
          AND r.kind <> 'operator' AND r.kind = 'redelivery' OFFSET 0)
      ORDER BY o.due_at LIMIT $3 FOR UPDATE SKIP LOCKED
    ) d
  ), queued AS (
    INSERT INTO resend (id, seq, message_id, app_id, topic_id, lane, attempt, kind, asked_by, subscription_id)
    SELECT gen_random_uuid(), nextval('message_ready_seq'), g.message_id, s.app_id, v.retry_topic_id, s.lane, g.attempt + 1,
           'redelivery', 'recover', v.subscription_id
    FROM (SELECT * FROM due WHERE NOT used_up ORDER BY due_at, message_id) g
    JOIN message_state s ON s.id = g.message_id CROSS JOIN valve v
    ON CONFLICT DO NOTHING
    RETURNING message_id, subscription_id, lane
  ), given AS (
    UPDATE delivery d SET due_at = NULL
    FROM queued q WHERE d.message_id = q.message_id AND d.subscription_id = q.subscription_id
  ), wake AS (
    SELECT pg_notify('surelay_ready', 'resend:' || lane) FROM (SELECT DISTINCT lane FROM queued) lanes
  ), died AS (
    UPDATE delivery d
    SET state = 'DEAD', due_at = NULL, moved_at = now(), reason = ${usedUpReason("due.made", "due.max_attempts")}
    FROM due WHERE due.used_up AND d.message_id = due.message_id AND d.subscription_id = due.subscription_id
    RETURNING d.message_id, d.subscription_id, d.state, d.attempt, d.reason, d.moved_at AS entered_at,
              'WAITING'::delivery_state AS left_state, due.left_at, NULL::text AS error_type, NULL::text AS error_message
  ), noted AS (
    INSERT INTO delivery_attempt (message_id, subscription_id, attempt, kind, by, reason)
    SELECT message_id, subscription_id, attempt, 'dead', 'recover', reason FROM died
  ), ${queueDeadLetters({ from: "died" })}, ${countDeliveries({ from: "died", left: true })}, turned AS (
    UPDATE subscription_valve v
    SET version = v.version + 1, tokens = greatest(0, valve.tokens - (SELECT count(*) FROM queued)), tokens_at = now(),
        state = coalesce($4, v.state), since = CASE WHEN $4::text IS NULL THEN v.since ELSE now() END,
        probe_at = CASE WHEN $4::text IS NULL THEN v.probe_at ELSE now() + $5 * interval '1 ms' END,
        seen_minute = CASE WHEN $4::text IS NULL THEN v.seen_minute ELSE ${minuteOf("now()")} END,
        seen_failed = CASE WHEN $4::text IS NULL THEN v.seen_failed ELSE (
          SELECT coalesce(sum(f.failures), 0) FROM failure_group g JOIN failure_flow f ON f.group_id = g.id
          WHERE g.subscription_id = $1 AND f.minute >= ${minuteOf("now()")}) END,
        seen_succeeded = CASE WHEN $4::text IS NULL THEN v.seen_succeeded ELSE (
          SELECT coalesce(sum(f.entered), 0) FROM delivery_flow f
          WHERE f.subscription_id = $1 AND f.state = 'ACKED' AND f.minute >= ${minuteOf("now()")}) END
    FROM valve WHERE v.subscription_id = valve.subscription_id AND EXISTS (SELECT FROM queued)
  )
  SELECT (SELECT count(*)::int FROM valve), (SELECT count(*)::int FROM queued), (SELECT count(*)::int FROM died),
         (SELECT count(*)::int FROM wake), (SELECT count(*)::int FROM dead_letter_wake)`;

export interface QueuedRedeliveries {
  /** False: another replica was faster, or the subscription is paused or gone. Nothing was done. */
  held: boolean;
  queued: number;
  /** Given up: its maximum was lowered below the attempts it had. */
  dead: number;
}

/**
 * WAITING and due → its next attempt is queued for the relay, on the subscription's retry topic; the longest due first.
 *
 * @param give `probe`: these are a probe, whose outcome is waited for so long
 */
export async function queueRedeliveries(
  db: Queryable,
  give: { subscriptionId: number; version: bigint; limit: number; probe: { waitMs: number } | null },
): Promise<QueuedRedeliveries> {
  const { rows } = await db.query<[number, number, number]>({
    name: "queue-redeliveries",
    text: QUEUE,
    values: [
      give.subscriptionId,
      give.version.toString(),
      give.limit,
      give.probe === null ? null : "probing",
      give.probe?.waitMs ?? 0,
    ],
    rowMode: "array",
  });
  const [held, queued, dead] = rows[0]!;
  return { held: held > 0, queued, dead };
}
