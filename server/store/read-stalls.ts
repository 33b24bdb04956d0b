import type { Queryable } from "../db.ts";
import { enteredAt } from "./message-flow.ts";

/** Most rows that are counted one by one; a figure that reaches it is "at least". */
export const COUNT_CAP = 1001;

/** A lane with what stands at its head. */
export interface LaneHead {
  lane: number;
  owner: string | null;
  /** ms until the lease ends; negative: it ended; null: free. */
  expiresInMs: number | null;
  faultDetail: string | null;
  faultSince: Date | null;
  pausedAt: Date | null;
  pausedBy: string | null;
  pauseReason: string | null;
  /** When its first message that is not parked became READY; null: nothing waits. */
  oldestReadyAt: Date | null;
  /** Messages that wait there, up to `COUNT_CAP`; 0 while the oldest is younger than `countAfterMs`. */
  waiting: number;
}

/**
 * All lanes in order. One index probe per lane; only lanes that stall are counted, up to the cap.
 *
 * @param countAfterMs age of a lane's oldest message from which the lane's messages are counted
 */
export async function readLaneHeads(db: Queryable, countAfterMs: number): Promise<LaneHead[]> {
  const { rows } = await db.query<LaneHead>(
    `SELECT lane.lane, lane.owner, (extract(epoch FROM lane.expires_at - now()) * 1000)::float8 AS "expiresInMs",
            lane.fault_detail AS "faultDetail", lane.fault_since AS "faultSince", lane.paused_at AS "pausedAt",
            lane.paused_by AS "pausedBy", lane.pause_reason AS "pauseReason", head.at AS "oldestReadyAt",
            coalesce(stalled.n, 0) AS waiting
     FROM lane
     LEFT JOIN LATERAL (
       SELECT ${enteredAt("s")} AS at FROM message_state s
       WHERE s.lane = lane.lane AND s.state = 'READY' AND s.held_at IS NULL ORDER BY s.lane, s.ready_seq LIMIT 1
     ) head ON true
     LEFT JOIN LATERAL (
       SELECT count(*)::int AS n FROM (
         SELECT FROM message_state s
         WHERE s.lane = lane.lane AND s.state = 'READY' AND s.held_at IS NULL LIMIT ${COUNT_CAP}) counted
     ) stalled ON head.at < now() - $1 * interval '1 ms'
     ORDER BY lane.lane`,
    [countAfterMs],
  );
  return rows;
}

/** Messages of one app and topic that are past a moment they should not be past. */
export interface Overdue {
  appId: number;
  topicId: number;
  /** Of all apps and topics together at most `COUNT_CAP`. */
  count: number;
  /** The earliest time that has passed. */
  dueAt: Date;
}

/** Prepared messages whose check time passed longer than `graceMs` ago, the longest first. */
export function readOverduePrepared(db: Queryable, graceMs: number): Promise<Overdue[]> {
  // The index leads with the app: one probe each, instead of sorting whatever is prepared.
  return overdue(
    db,
    `app CROSS JOIN LATERAL (
       SELECT app_id, topic_id, check_at AS due FROM message_state s
       WHERE s.state = 'PREPARED' AND s.app_id = app.id AND s.check_at < now() - $1 * interval '1 ms'
       ORDER BY s.check_at LIMIT ${COUNT_CAP}) due`,
    graceMs,
  );
}

/** Scheduled messages that should be READY since longer than `graceMs`. */
export function readOverdueScheduled(db: Queryable, graceMs: number): Promise<Overdue[]> {
  return overdue(
    db,
    `(SELECT app_id, topic_id, deliver_at AS due FROM message_state s
      WHERE s.state = 'SCHEDULED' AND s.deliver_at < now() - $1 * interval '1 ms') due`,
    graceMs,
  );
}

async function overdue(db: Queryable, source: string, graceMs: number): Promise<Overdue[]> {
  const { rows } = await db.query<Overdue>(
    `SELECT app_id AS "appId", topic_id AS "topicId", count(*)::int AS count, min(due) AS "dueAt"
     FROM (SELECT due.* FROM ${source} ORDER BY due.due LIMIT ${COUNT_CAP}) late GROUP BY 1, 2 ORDER BY 4`,
    [graceMs],
  );
  return rows;
}

/** Ages to the millisecond, where a partial index gives them cheaply. */
export interface ExactAges {
  /** When the oldest prepared message was stored, among those of each app whose check comes first. */
  oldestPreparedAt: Date | null;
  /** When the next scheduled message is due. */
  nextScheduledAt: Date | null;
  /** When the first READY message that is parked became READY. */
  oldestHeldAt: Date | null;
  /** READY messages that are parked because of their topic, up to `COUNT_CAP`. */
  held: number;
  /** Whether anything was ever stored. */
  anyMessage: boolean;
  /** Whether any API key can be used. */
  anyKey: boolean;
  /** The database's clock. */
  at: Date;
}

/** A handful of index probes, each bounded. */
export async function readExactAges(db: Queryable): Promise<ExactAges> {
  const { rows } = await db.query<ExactAges>(
    `SELECT clock_timestamp()::timestamptz(3) AS at,
       (SELECT min(first.stored_at) FROM app CROSS JOIN LATERAL (
          SELECT s.stored_at FROM message_state s WHERE s.state = 'PREPARED' AND s.app_id = app.id
          ORDER BY s.check_at LIMIT ${COUNT_CAP}) first) AS "oldestPreparedAt",
       (SELECT deliver_at FROM message_state WHERE state = 'SCHEDULED' ORDER BY deliver_at LIMIT 1) AS "nextScheduledAt",
       held.at AS "oldestHeldAt", held.n AS held,
       EXISTS (SELECT FROM message_flow) OR EXISTS (SELECT FROM message_flow_history) AS "anyMessage",
       EXISTS (SELECT FROM api_key WHERE revoked_at IS NULL) AS "anyKey"
     FROM (
       SELECT min(at) AS at, count(*)::int AS n FROM (
         SELECT ${enteredAt("s")} AS at FROM message_state s
         WHERE s.state = 'READY' AND s.held_at IS NOT NULL LIMIT ${COUNT_CAP}) parked
     ) held`,
  );
  return rows[0]!;
}
