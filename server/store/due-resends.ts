import type { Queryable } from "../db.ts";
import { countDeliveries } from "./delivery-flow.ts";
import { type GuardedWrite, guarded, type LaneHold } from "./guarded-write.ts";
import { NEWEST_CONTENT } from "./newest-content.ts";
import { queuedDeliveries } from "./mark-resent.ts";
import { queueDeadLetters } from "./queue-dead-letters.ts";
import { type ReadyMessage, type ReadyRow, toReadyMessage } from "./ready-messages.ts";
import { plainArray, textArray } from "./sql-array.ts";

/** As READ_READY reads messages, and in its order of columns: the queue by its own index, each row's content by primary key, cut off by bytes. */
const READ_RESENDS = `
  SELECT message_id, seq, app_id, topic_id, key, type, business_key, content_type, headers, traceparent, payload, stored_at,
         attempt, resend_id, main_topic_id, subscription, extra_headers
  FROM (
    SELECT r.id AS resend_id, r.seq, r.message_id, r.app_id, r.topic_id, r.attempt, s.stored_at,
           ${NEWEST_CONTENT.columns}, m.topic_id AS main_topic_id, x.name AS subscription, r.headers AS extra_headers,
           sum(${NEWEST_CONTENT.bytes}) OVER (ORDER BY r.seq ROWS UNBOUNDED PRECEDING) - ${NEWEST_CONTENT.bytes} AS before
    FROM (
      SELECT id, seq, message_id, app_id, topic_id, attempt, subscription_id, headers FROM resend
      WHERE lane = $1 AND held_at IS NULL AND seq <= $4
      ORDER BY lane, seq LIMIT $2
    ) r
    CROSS JOIN LATERAL (SELECT * FROM message WHERE message.id = r.message_id OFFSET 0) m
    CROSS JOIN LATERAL (SELECT stored_at FROM message_state WHERE message_state.id = r.message_id OFFSET 0) s
    ${NEWEST_CONTENT.join("r.message_id", "true")}
    LEFT JOIN LATERAL (SELECT name FROM subscription WHERE subscription.id = r.subscription_id OFFSET 0) x ON true
  ) batch
  WHERE before < $3 ORDER BY seq`;

const MAX_SEQ = 9_223_372_036_854_775_807n;

/**
 * The next resends of a lane, lowest `seq` first; at least one if there is any.
 *
 * @param limits `upTo`: none behind this `seq`; absent: whatever there is
 */
export async function readResends(
  db: Queryable,
  lane: number,
  limits: { limit: number; maxBytes: number; upTo?: bigint },
): Promise<ReadyMessage[]> {
  const { rows } = await db.query<ResendRow>({
    name: "read-resends",
    text: READ_RESENDS,
    values: [lane, limits.limit, limits.maxBytes, (limits.upTo ?? MAX_SEQ).toString()],
    rowMode: "array",
  });
  return rows.map((row) =>
    toReadyMessage(row, {
      resendId: row[13],
      mainTopicId: row[14],
      subscription: row[15],
      extraHeaders: row[16],
    }),
  );
}

type ResendRow = [
  ...ReadyRow,
  resendId: string,
  mainTopicId: number,
  subscription: string | null,
  extraHeaders: Record<string, string> | null,
];

const DROP_SETTLED = `
  WITH held AS (
    SELECT lane FROM lane WHERE lane = $1 AND epoch = $2 FOR UPDATE
  ), dropped AS (
    DELETE FROM resend r USING held CROSS JOIN unnest($3::uuid[]) AS asked(id)
    WHERE r.id = asked.id AND r.kind = 'redelivery' AND EXISTS (
      SELECT FROM delivery d WHERE d.message_id = r.message_id AND d.subscription_id = r.subscription_id
        AND d.state IN ('ACKED', 'DISCARDED') OFFSET 0)
    RETURNING r.id::text
  )
  SELECT (SELECT count(*) FROM held)::int, (SELECT coalesce(array_agg(id), '{}') FROM dropped)`;

/**
 * Takes redeliveries out of the queue whose deliveries were acknowledged or discarded since they were queued. No delivery
 * comes back from there, so nothing has to be locked for it; and what is in the broker already is not asked about, so that
 * it is still recorded. Rejected: to let the acknowledgement drop the row. It cannot tell whether the relay has just sent it.
 *
 * @param hold `ids`: of resends that are about to be sent
 * @returns `dropped`: ids of those that left
 */
export async function dropSettledResends(
  db: Queryable,
  hold: LaneHold & { ids: readonly string[] },
): Promise<{ leaseHeld: boolean; dropped: string[] }> {
  const { rows } = await db.query<[held: number, dropped: string[]]>({
    name: "drop-settled-resends",
    text: DROP_SETTLED,
    values: [hold.lane, hold.epoch.toString(), plainArray(hold.ids)],
    rowMode: "array",
  });
  return { leaseHeld: rows[0]![0] > 0, dropped: rows[0]![1] };
}

const REFUSE = `
  WITH held AS (
    SELECT lane FROM lane WHERE lane = $1 AND epoch = $2 FOR UPDATE
  ), refused AS (
    DELETE FROM resend r USING held CROSS JOIN unnest($3::uuid[], $4::text[]) AS of(id, reason)
    WHERE r.id = of.id
    RETURNING r.message_id, r.attempt, r.asked_by, r.kind, r.subscription_id, of.reason
  ), noted AS (
    INSERT INTO message_event (message_id, kind, actor, detail)
    SELECT message_id, 'resend_refused', 'relay', jsonb_build_object('attempt', attempt, 'reason', reason, 'askedBy', asked_by)
    FROM refused WHERE kind = 'operator'
  ), told AS (
    INSERT INTO delivery_attempt (message_id, subscription_id, attempt, kind, by, reason)
    SELECT message_id, subscription_id, attempt,
           CASE kind WHEN 'redelivery' THEN 'redelivery_refused' ELSE 'dead_letter_refused' END, 'relay', reason
    FROM refused WHERE kind <> 'operator'
  ), ${queuedDeliveries("refused")}, died AS (
    UPDATE delivery d SET state = 'DEAD', due_at = NULL, moved_at = now(), reason = r.reason
    FROM waited w JOIN refused r ON r.message_id = w.message_id AND r.subscription_id = w.subscription_id AND r.kind = 'redelivery'
    WHERE d.message_id = w.message_id AND d.subscription_id = w.subscription_id
    RETURNING d.message_id, d.subscription_id, d.attempt, d.reason, 'redelivery_refused' AS error_type, d.reason AS error_message,
              d.state, d.moved_at AS entered_at, 'WAITING'::delivery_state AS left_state, w.left_at
  ), ${queueDeadLetters({ from: "died" })}, ${countDeliveries({ from: "died", left: true })}
  SELECT (SELECT count(*) FROM held)::int, (SELECT count(*) FROM refused)::int, (SELECT count(*) FROM dead_letter_wake)`;

/**
 * Takes out of the queue what the broker refuses for good. The message of an operator's resend stays as it was and notes the
 * reason; a redelivery's delivery is DEAD, and its dead letter queued.
 */
export function refuseResends(
  db: Queryable,
  hold: LaneHold & { refused: readonly { id: string; reason: string }[] },
): Promise<GuardedWrite> {
  return guarded(db, "refuse-resends", REFUSE, [
    hold.lane,
    hold.epoch.toString(),
    plainArray(hold.refused.map((r) => r.id)),
    textArray(hold.refused.map((r) => r.reason)),
  ]);
}

const HOLD = `
  WITH held AS (
    SELECT lane FROM lane WHERE lane = $1 AND epoch = $2 FOR UPDATE
  ), moved AS (
    UPDATE resend r SET held_at = now() FROM held CROSS JOIN unnest($3::uuid[]) AS parked(id)
    WHERE r.id = parked.id AND r.held_at IS NULL
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM held)::int, (SELECT count(*) FROM moved)::int`;

/** Parks resends of a topic that cannot be written, as `holdMessages` does messages. */
export function holdResends(
  db: Queryable,
  hold: LaneHold & { ids: readonly string[] },
): Promise<GuardedWrite> {
  return guarded(db, "hold-resends", HOLD, [hold.lane, hold.epoch.toString(), plainArray(hold.ids)]);
}

const RELEASE = `
  WITH held AS (
    SELECT lane FROM lane WHERE lane = $1 AND epoch = $2 FOR UPDATE
  ), moved AS (
    UPDATE resend r SET held_at = NULL
    FROM (
      SELECT m.id FROM held JOIN LATERAL (
        SELECT id FROM resend WHERE lane = $1 AND topic_id = $3 AND held_at IS NOT NULL
        ORDER BY lane, topic_id, seq LIMIT $4 OFFSET 0) m ON true
    ) due
    WHERE r.id = due.id
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM held)::int, (SELECT count(*) FROM moved)::int`;

/** Puts up to `limit` parked resends of a topic back, oldest first. */
export function releaseHeldResends(
  db: Queryable,
  hold: LaneHold & { topicId: number; limit: number },
): Promise<GuardedWrite> {
  return guarded(db, "release-held-resends", RELEASE, [
    hold.lane,
    hold.epoch.toString(),
    hold.topicId,
    hold.limit,
  ]);
}
