import type { Queryable } from "../db.ts";
import { countDeliveries } from "./delivery-flow.ts";
import { type GuardedWrite, guarded, type LaneHold } from "./guarded-write.ts";
import { plainArray } from "./sql-array.ts";

const MARK_RESENT = `
  WITH held AS (
    SELECT lane FROM lane WHERE lane = $1 AND epoch = $2 AND ($3::bigint IS NULL OR progress_offset = $3) FOR UPDATE
  ), resent AS (
    DELETE FROM resend r
    USING held CROSS JOIN unnest($4::uuid[], $5::int[], $6::bigint[]) AS sent(id, partition, broker_offset)
    WHERE r.id = sent.id
    RETURNING r.message_id, r.attempt, r.asked_by, r.kind, r.subscription_id, sent.partition, sent.broker_offset
  ), noted AS (
    INSERT INTO message_event (message_id, kind, actor, detail)
    SELECT message_id, 'resend_sent', 'relay', jsonb_build_object('attempt', attempt, 'partition', partition,
             'offset', broker_offset::text, 'askedBy', asked_by)
    FROM resent WHERE kind = 'operator'
  ), told AS (
    INSERT INTO delivery_attempt (message_id, subscription_id, attempt, kind, by, broker_partition, broker_offset)
    SELECT message_id, subscription_id, attempt, CASE kind WHEN 'redelivery' THEN 'redelivered' ELSE 'dead_lettered' END,
           'relay', partition, broker_offset
    FROM resent WHERE kind <> 'operator'
  ), ${queuedDeliveries("resent")}, redelivered AS (
    UPDATE delivery d
    SET state = 'PENDING', attempt = w.attempt, moved_at = now(), due_at = now() + x.ack_timeout_seconds * interval '1 second'
    FROM waited w JOIN subscription x ON x.id = w.subscription_id
    WHERE d.message_id = w.message_id AND d.subscription_id = w.subscription_id
    RETURNING d.subscription_id, d.state, d.moved_at AS entered_at, 'WAITING'::delivery_state AS left_state, w.left_at
  ), ${countDeliveries({ from: "redelivered", left: true })}
  SELECT (SELECT count(*) FROM held)::int, (SELECT count(*) FROM resent)::int`;

/**
 * What the broker has committed of the queue `resend` leaves it. An operator's resend says so with its message; a redelivery
 * and a dead letter with their delivery. All of it comes from the deleted row, so that it happens once however often a marker
 * is read.
 *
 * A redelivery is PENDING from now on, if its delivery still waits for it: a consumer that answered already, an operator who
 * discarded it, or a later failure of the same attempt have been faster. What waits for a further attempt keeps its due time,
 * and is queued once this row is gone.
 *
 * A statement of its own, before the one that marks the batch's messages and moves the lane's progress: in one, it would hold
 * the rows of these messages while it waits for a delivery that an acknowledgement has locked, which may wait for one of
 * them. Whoever dies between the two leaves the marker to be read again.
 */
export function markResent(
  db: Queryable,
  hold: LaneHold & {
    resent: readonly { id: string; partition: number; offset: bigint | string | null }[];
    /** As of `markSent`. */
    after?: bigint;
  },
): Promise<GuardedWrite> {
  return guarded(db, "mark-resent", MARK_RESENT, [
    hold.lane,
    hold.epoch.toString(),
    hold.after === undefined ? null : hold.after.toString(),
    plainArray(hold.resent.map((r) => r.id)),
    plainArray(hold.resent.map((r) => r.partition)),
    plainArray(hold.resent.map((r) => r.offset)),
  ]);
}

/**
 * A CTE `waited`: of rows that left the queue, the deliveries that have not had this attempt yet and wait for it, locked in
 * the order of their key. By the attempt and not by `due_at`: one that became DEAD and was redriven while its row stood in
 * the queue is due, and this record is what it is due for.
 *
 * @param from CTE of rows of `resend` (message_id, subscription_id, kind, attempt)
 */
export function queuedDeliveries(from: string): string {
  return `waited AS MATERIALIZED (
    SELECT d.message_id, d.subscription_id, r.attempt, d.left_at
    FROM (SELECT * FROM ${from} WHERE kind = 'redelivery' ORDER BY message_id, subscription_id) r
    CROSS JOIN LATERAL (
      SELECT message_id, subscription_id, moved_at AS left_at FROM delivery
      WHERE message_id = r.message_id AND subscription_id = r.subscription_id AND state = 'WAITING' AND attempt < r.attempt
      FOR UPDATE
    ) d
  )`;
}
