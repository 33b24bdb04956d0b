import type { Queryable } from "../db.ts";
import { type GuardedWrite, guarded, type LaneHold } from "./guarded-write.ts";
import { TRACKED, makeDeliveries } from "./make-deliveries.ts";
import { markResent } from "./mark-resent.ts";
import { countFlow, enteredAt } from "./message-flow.ts";
import { NEWEST_CONTENT } from "./newest-content.ts";
import { plainArray, textArray } from "./sql-array.ts";

/** What the relay sends next: a READY message, or one that was sent before and is asked for once more. */
export interface ReadyMessage {
  /** The message's id: for a resend that of the message it repeats. */
  id: string;
  /** Null: a READY message. Else the row of the queue `resend` that brings it (server/store/due-resends.ts). */
  resendId: string | null;
  /** The record's `surelay-attempt`. */
  attempt: number;
  readySeq: bigint;
  appId: number;
  /** Where it goes: the message's topic, or a subscription's retry or dead-letter topic. */
  topicId: number;
  /** The topic that the message was stored for. */
  mainTopicId: number;
  key: string | null;
  type: string | null;
  businessKey: string | null;
  contentType: string;
  headers: Record<string, string> | null;
  traceparent: string | null;
  payload: Buffer;
  storedAt: Date;
  /** Redeliveries and dead letters: whose. Null: for every reader of the topic. */
  subscription: string | null;
  /** What the record of a dead letter says beside the message's own headers. */
  extraHeaders: Record<string, string> | null;
}

/**
 * The lowest `ready_seq` of the lane, by the partial index alone, then each row's content by primary key. `OFFSET 0` keeps
 * the planner from turning the look-up into a join it could reorder. The running total cuts off before payloads are
 * fetched from TOAST, so that a thousand large messages never stand in memory together. Only what was refused once and is
 * READY again may have been edited.
 */
const READ_READY = `
  SELECT id, ready_seq, app_id, topic_id, key, type, business_key, content_type, headers, traceparent, payload, stored_at,
         attempt
  FROM (
    SELECT r.id, r.ready_seq, r.app_id, r.topic_id, r.stored_at, r.attempt, ${NEWEST_CONTENT.columns},
           sum(${NEWEST_CONTENT.bytes}) OVER (ORDER BY r.ready_seq ROWS UNBOUNDED PRECEDING) - ${NEWEST_CONTENT.bytes} AS before
    FROM (
      SELECT id, ready_seq, app_id, topic_id, stored_at, attempt FROM message_state
      WHERE lane = $1 AND state = 'READY' AND held_at IS NULL
      ORDER BY lane, ready_seq LIMIT $2
    ) r CROSS JOIN LATERAL (SELECT * FROM message WHERE message.id = r.id OFFSET 0) m
    ${NEWEST_CONTENT.join("r.id", "r.attempt > 1")}
  ) batch
  WHERE before < $3 ORDER BY ready_seq`;

/**
 * The next messages of a lane, lowest `ready_seq` first; at least one if there is any.
 *
 * @param limits `maxBytes`: stops after the message whose payload passes this sum
 */
export async function readReady(
  db: Queryable,
  lane: number,
  limits: { limit: number; maxBytes: number },
): Promise<ReadyMessage[]> {
  const { rows } = await db.query<ReadyRow>({
    name: "read-ready",
    text: READ_READY,
    values: [lane, limits.limit, limits.maxBytes],
    rowMode: "array",
  });
  return rows.map((row) => toReadyMessage(row, null));
}

/** A row of READ_READY, as an array; a row of READ_RESENDS begins with the same columns. `BIGINT` comes as text. */
export type ReadyRow = [
  id: string,
  readySeq: string,
  appId: number,
  topicId: number,
  key: string | null,
  type: string | null,
  businessKey: string | null,
  contentType: string,
  headers: Record<string, string> | null,
  traceparent: string | null,
  payload: Buffer,
  storedAt: Date,
  attempt: number,
];

/** How a message comes to be sent again. */
export type ResentAs = Pick<ReadyMessage, "mainTopicId" | "subscription" | "extraHeaders"> & {
  resendId: string;
};

/** What a row says, without going by the names of columns: a thousand rows a batch are read this way. */
export function toReadyMessage(
  row: readonly [...ReadyRow, ...unknown[]],
  resent: ResentAs | null,
): ReadyMessage {
  return {
    id: row[0],
    resendId: resent === null ? null : resent.resendId,
    readySeq: BigInt(row[1]),
    appId: row[2],
    topicId: row[3],
    mainTopicId: resent === null ? row[3] : resent.mainTopicId,
    key: row[4],
    type: row[5],
    businessKey: row[6],
    contentType: row[7],
    headers: row[8],
    traceparent: row[9],
    payload: row[10],
    storedAt: row[11],
    attempt: row[12],
    subscription: resent === null ? null : resent.subscription,
    extraHeaders: resent === null ? null : resent.extraHeaders,
  };
}

/**
 * The deliveries of a message are made by what marks it: `open_deliveries` grows by those of its topic's subscriptions that
 * have none yet, and exactly these are inserted. Both ask `subscription` as of this statement's snapshot. Which deliveries
 * stand already is read from the message's own row, which an acknowledgement may have changed and released only now; of
 * `delivery` this snapshot need not show it, but ON CONFLICT sees it.
 */
const MARK_SENT = `
  WITH held AS (
    UPDATE lane SET progress_offset = greatest(progress_offset, $3::bigint)
    WHERE lane = $1 AND epoch = $2 AND ($7::bigint IS NULL OR progress_offset = $7) RETURNING lane
  ), moved AS (
    UPDATE message_state s
    SET sent_at = now(), broker_partition = sent.partition, broker_offset = sent.broker_offset, held_at = NULL,
        (state, open_deliveries, by_offset) = (
          SELECT CASE WHEN s.early_deliveries IS NOT NULL AND s.open_deliveries + count(*) FILTER (WHERE ${TRACKED("x", "s")}) = 0
                           AND NOT coalesce(bool_or(x.ack = 'offset'), false)
                 THEN 'CONSUMED' ELSE 'SENT' END::message_state_kind,
                 s.open_deliveries + count(*) FILTER (WHERE ${TRACKED("x", "s")}),
                 coalesce(bool_or(x.ack = 'offset'), false)
          FROM subscription x WHERE x.topic_id = s.topic_id AND x.removed_at IS NULL AND x.ack <> 'none')
    FROM held CROSS JOIN unnest($4::uuid[], $5::int[], $6::bigint[]) AS sent(id, partition, broker_offset)
    WHERE s.id = sent.id AND s.state = 'READY'
    RETURNING s.id, s.app_id, s.topic_id, s.open_deliveries, 'SENT'::message_state_kind AS state, s.sent_at AS entered_at,
              'READY'::message_state_kind AS left_state, ${enteredAt("s")} AS left_at, s.state = 'CONSUMED' AS consumed
  ), ${countFlow({ from: "moved", left: true, consumed: true })}, ${makeDeliveries("moved")}
  SELECT (SELECT count(*) FROM held)::int, (SELECT count(*) FROM moved)::int, (SELECT count(*) FROM call_now)`;

export interface SentMessage {
  /** Of the message; in a list of resends, of the resend. */
  id: string;
  partition: number;
  /** Null when a takeover found the message committed: the marker is written before the broker assigns offsets. */
  offset: bigint | string | null;
}

/**
 * READY → SENT for what the broker has committed, and the lane's progress, in one statement guarded by the lease's epoch.
 * It makes the messages' deliveries, too, and tells the channel `surelay_notify` of webhooks to be called. Resends of the
 * batch, if there are any, leave their queue just before (server/store/mark-resent.ts).
 *
 * @param hold `after`: the progress this one follows; if the row stands at another, nothing is written. A database that
 * came back without its last commits would otherwise be told of this batch and never learn of the one before.
 */
export async function markSent(
  db: Queryable,
  hold: LaneHold & {
    progressOffset: bigint | string;
    sent: readonly SentMessage[];
    resent?: readonly SentMessage[];
    after?: bigint;
  },
): Promise<GuardedWrite> {
  if (hold.resent !== undefined && hold.resent.length > 0) {
    const { resent, ...of } = hold;
    const done = await markResent(db, { ...of, resent });
    if (!done.leaseHeld) return { leaseHeld: false, moved: 0 };
  }
  return guarded(db, "mark-sent", MARK_SENT, [
    hold.lane,
    hold.epoch.toString(),
    hold.progressOffset.toString(),
    ...columnsOf(hold.sent),
    hold.after === undefined ? null : hold.after.toString(),
  ]);
}

/** In the order of their ids: rows are locked in it, as acknowledgements lock theirs. */
function columnsOf(unordered: readonly SentMessage[]): string[] {
  const sent = unordered.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [
    plainArray(sent.map((m) => m.id)),
    plainArray(sent.map((m) => m.partition)),
    plainArray(sent.map((m) => m.offset)),
  ];
}

const REJECT = `
  WITH held AS (
    SELECT lane FROM lane WHERE lane = $1 AND epoch = $2 FOR UPDATE
  ), locked AS MATERIALIZED (
    SELECT r.id, rejected.reason, r.state AS left_state, ${enteredAt("r")} AS left_at
    FROM held CROSS JOIN unnest($3::uuid[], $4::text[]) AS rejected(id, reason)
    JOIN message_state r ON r.id = rejected.id AND r.state = 'READY'
    FOR UPDATE OF r
  ), moved AS (
    UPDATE message_state s SET state = 'REJECTED', reason = locked.reason, moved_at = now()
    FROM locked WHERE s.id = locked.id
    RETURNING s.id, s.reason, s.app_id, s.topic_id, s.state, ${enteredAt("s")} AS entered_at,
              locked.left_state, locked.left_at
  ), ${countFlow({ from: "moved", left: true })}, noted AS (
    INSERT INTO message_event (message_id, kind, actor, detail)
    SELECT id, 'rejected', 'relay', jsonb_build_object('reason', reason) FROM moved
  )
  SELECT (SELECT count(*) FROM held)::int, (SELECT count(*) FROM moved)::int`;

/** READY → REJECTED for records the broker refuses for good, with its reason; leaves an event. */
export function rejectMessages(
  db: Queryable,
  hold: LaneHold & { rejected: readonly { id: string; reason: string }[] },
): Promise<GuardedWrite> {
  return guarded(db, "reject-messages", REJECT, [
    hold.lane,
    hold.epoch.toString(),
    plainArray(hold.rejected.map((m) => m.id)),
    textArray(hold.rejected.map((m) => m.reason)),
  ]);
}

const HOLD = `
  WITH held AS (
    SELECT lane FROM lane WHERE lane = $1 AND epoch = $2 FOR UPDATE
  ), moved AS (
    UPDATE message_state s SET held_at = now()
    FROM held CROSS JOIN unnest($3::uuid[]) AS parked(id)
    WHERE s.id = parked.id AND s.state = 'READY' AND s.held_at IS NULL
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM held)::int, (SELECT count(*) FROM moved)::int`;

/**
 * Parks READY messages of a faulty topic outside the index the relay reads, so that a million of them do not stand in the
 * way of the lane's other topics. They stay READY and keep their `ready_seq`.
 */
export function holdMessages(
  db: Queryable,
  hold: LaneHold & { ids: readonly string[] },
): Promise<GuardedWrite> {
  return guarded(db, "hold-messages", HOLD, [hold.lane, hold.epoch.toString(), plainArray(hold.ids)]);
}

const RELEASE_HELD = `
  WITH held AS (
    SELECT lane FROM lane WHERE lane = $1 AND epoch = $2 FOR UPDATE
  ), moved AS (
    UPDATE message_state s SET held_at = NULL
    FROM (
      SELECT m.id FROM held JOIN LATERAL (
        SELECT id FROM message_state
        WHERE lane = $1 AND topic_id = $3 AND state = 'READY' AND held_at IS NOT NULL
        ORDER BY lane, topic_id, ready_seq LIMIT $4 OFFSET 0) m ON true
    ) due
    WHERE s.id = due.id
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM held)::int, (SELECT count(*) FROM moved)::int`;

/** Puts up to `limit` parked messages of a topic back, oldest first. Zero moved with the lease held: none is left. */
export function releaseHeld(
  db: Queryable,
  hold: LaneHold & { topicId: number; limit: number },
): Promise<GuardedWrite> {
  return guarded(db, "release-held", RELEASE_HELD, [
    hold.lane,
    hold.epoch.toString(),
    hold.topicId,
    hold.limit,
  ]);
}

/** Topics of which a lane has parked messages or resends. */
export async function heldTopics(db: Queryable, lane: number): Promise<number[]> {
  const { rows } = await db.query<{ topic_id: number }>({
    name: "held-topics",
    text: `SELECT topic.id AS topic_id FROM topic WHERE EXISTS (
             SELECT FROM message_state
             WHERE lane = $1 AND topic_id = topic.id AND state = 'READY' AND held_at IS NOT NULL OFFSET 0)
           OR EXISTS (
             SELECT FROM resend WHERE lane = $1 AND topic_id = topic.id AND held_at IS NOT NULL OFFSET 0)`,
    values: [lane],
  });
  return rows.map((row) => row.topic_id);
}
