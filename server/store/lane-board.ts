import type { Queryable } from "../db.ts";
import { enteredAt } from "./message-flow.ts";

/** Most rows that are counted one by one; a figure that reaches it is "at least". */
export const LANE_COUNT_CAP = 10_001;

/** A lane with its lease and what waits in it. */
export interface LaneBoardRow {
  lane: number;
  owner: string | null;
  epoch: bigint;
  acquiredAt: Date | null;
  /** ms until the lease ends; negative: it ended; null: free. */
  expiresInMs: number | null;
  faultDetail: string | null;
  faultSince: Date | null;
  pausedAt: Date | null;
  pausedBy: string | null;
  pauseReason: string | null;
  /** READY messages, parked ones not among them, up to `LANE_COUNT_CAP`. */
  waiting: number;
  /** When the first of them became READY. */
  oldestReadyAt: Date | null;
  /** READY messages that are parked because of their topic, up to `LANE_COUNT_CAP`. */
  held: number;
  /** Resends that are still to be sent, parked ones among them, up to `LANE_COUNT_CAP`. */
  resends: number;
}

const capped = (rows: string): string =>
  `(SELECT count(*)::int FROM (SELECT ${rows} LIMIT ${LANE_COUNT_CAP}) counted)`;

/** All lanes in order: an index probe per lane, and counts that end at the cap. */
export async function readLaneBoard(db: Queryable): Promise<LaneBoardRow[]> {
  const { rows } = await db.query<Omit<LaneBoardRow, "epoch"> & { epoch: string }>({
    name: "read-lane-board",
    text: `SELECT lane.lane, lane.owner, lane.epoch, lane.acquired_at AS "acquiredAt",
             (extract(epoch FROM lane.expires_at - clock_timestamp()) * 1000)::float8 AS "expiresInMs",
             lane.fault_detail AS "faultDetail", lane.fault_since AS "faultSince", lane.paused_at AS "pausedAt",
             lane.paused_by AS "pausedBy", lane.pause_reason AS "pauseReason", head.at AS "oldestReadyAt",
             CASE WHEN head.at IS NULL THEN 0 ELSE ${capped(
               "FROM message_state s WHERE s.lane = lane.lane AND s.state = 'READY' AND s.held_at IS NULL",
             )} END AS waiting,
             ${capped(
               "FROM message_state s WHERE s.lane = lane.lane AND s.state = 'READY' AND s.held_at IS NOT NULL",
             )} AS held,
             ${capped("FROM resend r WHERE r.lane = lane.lane")} AS resends
           FROM lane
           LEFT JOIN LATERAL (
             SELECT ${enteredAt("s")} AS at FROM message_state s
             WHERE s.lane = lane.lane AND s.state = 'READY' AND s.held_at IS NULL
             ORDER BY s.lane, s.ready_seq LIMIT 1
           ) head ON true
           ORDER BY lane.lane`,
  });
  return rows.map((row) => ({ ...row, epoch: BigInt(row.epoch) }));
}
