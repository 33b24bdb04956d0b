import type { Queryable } from "../db.ts";
import type { LaneHold } from "./guarded-write.ts";
import { plainArray } from "./sql-array.ts";

/** Number of lanes of this installation. */
export async function laneCount(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ n: number }>("SELECT count(*)::int AS n FROM lane");
  return rows[0]!.n;
}

export interface LaneRow {
  lane: number;
  epoch: bigint;
  owner: string | null;
  /** ms until the lease ends; negative: it ended; null: free. */
  expiresInMs: number | null;
  acquiredAt: Date | null;
  progressOffset: bigint;
  faultDetail: string | null;
  faultSince: Date | null;
  pausedAt: Date | null;
}

/** All lanes in order, with the time left by the database's clock. */
export async function readLanes(db: Queryable): Promise<LaneRow[]> {
  const { rows } = await db.query<{
    lane: number;
    epoch: string;
    owner: string | null;
    left: number | null;
    acquired_at: Date | null;
    progress_offset: string;
    fault_detail: string | null;
    fault_since: Date | null;
    paused_at: Date | null;
  }>(`SELECT lane, epoch, owner, (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS left,
             acquired_at, progress_offset, fault_detail, fault_since, paused_at
      FROM lane ORDER BY lane`);
  return rows.map((r) => ({
    lane: r.lane,
    epoch: BigInt(r.epoch),
    owner: r.owner,
    expiresInMs: r.left,
    acquiredAt: r.acquired_at,
    progressOffset: BigInt(r.progress_offset),
    faultDetail: r.fault_detail,
    faultSince: r.fault_since,
    pausedAt: r.paused_at,
  }));
}

export interface Acquired {
  epoch: bigint;
  progressOffset: bigint;
  /** An operator has paused the lane: it is ours, and nothing is sent. */
  paused: boolean;
}

/**
 * Takes a lane that is free, expired, or held under the same owner name (a relay that was restarted), and raises its epoch:
 * from then on every statement of the former owner finds no row.
 *
 * @param want `ownEpoch`: take it from our own name only if it stands at this epoch, by which two relays that wrongly share a
 * name do not take a lane from each other for ever; absent: at any
 * @returns null: another relay holds it
 */
export async function acquireLane(
  db: Queryable,
  want: { lane: number; owner: string; ttlMs: number; ownEpoch?: bigint },
): Promise<Acquired | null> {
  const { rows } = await db.query<{ epoch: string; progress_offset: string; paused: boolean }>({
    name: "acquire-lane",
    text: `UPDATE lane SET epoch = epoch + 1, owner = $2, acquired_at = clock_timestamp(),
                  expires_at = clock_timestamp() + $3 * interval '1 ms'
           WHERE lane = $1 AND (owner IS NULL OR expires_at < clock_timestamp()
             OR (owner = $2 AND ($4::bigint IS NULL OR epoch = $4)))
           RETURNING epoch, progress_offset, paused_at IS NOT NULL AS paused`,
    values: [
      want.lane,
      want.owner,
      want.ttlMs,
      want.ownEpoch === undefined ? null : want.ownEpoch.toString(),
    ],
  });
  const row = rows[0];
  if (!row) return null;
  return { epoch: BigInt(row.epoch), progressOffset: BigInt(row.progress_offset), paused: row.paused };
}

/** Prolongs the leases held. @returns the lanes still held; one that is absent is lost. */
export async function renewLanes(
  db: Queryable,
  renewal: { held: readonly LaneHold[]; ttlMs: number },
): Promise<Set<number>> {
  const { rows } = await db.query<{ lane: number }>({
    name: "renew-lanes",
    text: `UPDATE lane SET expires_at = clock_timestamp() + $3 * interval '1 ms'
           FROM unnest($1::smallint[], $2::bigint[]) AS held(lane, epoch)
           WHERE lane.lane = held.lane AND lane.epoch = held.epoch
           RETURNING lane.lane`,
    values: [
      plainArray(renewal.held.map((h) => h.lane)),
      plainArray(renewal.held.map((h) => h.epoch)),
      renewal.ttlMs,
    ],
  });
  return new Set(rows.map((row) => row.lane));
}

/** Frees a lane so that another relay takes it at once. */
export async function releaseLane(db: Queryable, hold: LaneHold): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "release-lane",
    text: "UPDATE lane SET owner = NULL, expires_at = NULL WHERE lane = $1 AND epoch = $2",
    values: [hold.lane, hold.epoch.toString()],
  });
  return rowCount === 1;
}

/** The lane's stored progress if the hold still stands, else null. */
export async function checkLane(db: Queryable, hold: LaneHold): Promise<{ progressOffset: bigint } | null> {
  const { rows } = await db.query<{ progress_offset: string }>({
    name: "check-lane",
    text: "SELECT progress_offset FROM lane WHERE lane = $1 AND epoch = $2",
    values: [hold.lane, hold.epoch.toString()],
  });
  return rows[0] ? { progressOffset: BigInt(rows[0].progress_offset) } : null;
}

/** Shows (or, with null, clears) what keeps a lane from moving. */
export async function setLaneFault(
  db: Queryable,
  fault: LaneHold & { detail: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "set-lane-fault",
    text: `UPDATE lane SET fault_detail = $3::text,
                  fault_since = CASE WHEN $3::text IS NULL THEN NULL ELSE coalesce(fault_since, now()) END
           WHERE lane = $1 AND epoch = $2`,
    values: [fault.lane, fault.epoch.toString(), fault.detail],
  });
  return rowCount === 1;
}

/**
 * Sets how far the lane's progress partition has been read and marked. Unlike the marks themselves it may go back: a
 * progress topic that was made anew begins at zero.
 */
export async function setProgress(
  db: Queryable,
  progress: LaneHold & { progressOffset: bigint },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "set-progress",
    text: "UPDATE lane SET progress_offset = $3 WHERE lane = $1 AND epoch = $2",
    values: [progress.lane, progress.epoch.toString(), progress.progressOffset.toString()],
  });
  return rowCount === 1;
}
