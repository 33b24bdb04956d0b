import type { Queryable } from "../db.ts";

/** What lets a subscription's redeliveries or calls out, as it stands. */
export interface ValveRow {
  subscriptionId: number;
  /** `open`: as declared; `throttled`, `probing`: held back by its own failures; `shut`: by an operator. */
  state: "open" | "throttled" | "probing" | "shut";
  since: Date;
  probeAt: Date | null;
  trips: number;
  failures: number;
  lastError: string | null;
  /** A webhook that has failed without a success since; null: it has not. */
  failingSince: Date | null;
  /** A webhook that is not called any more, and why. */
  disabledAt: Date | null;
  disabledReason: string | null;
}

/** @param id null: of all; who has none never had anything to hold back */
export async function readValves(db: Queryable, id: number | null): Promise<ValveRow[]> {
  const { rows } = await db.query<ValveRow>(
    `SELECT subscription_id AS "subscriptionId", state, since, probe_at AS "probeAt", trips, failures,
            last_error AS "lastError", failing_since AS "failingSince", disabled_at AS "disabledAt",
            disabled_reason AS "disabledReason"
     FROM subscription_valve WHERE $1::int IS NULL OR subscription_id = $1`,
    [id],
  );
  return rows;
}

/** How far a consumer group has come in one partition of its topic, or of its retry topic. */
export interface ProgressRow {
  subscriptionId: number;
  retry: boolean;
  partition: number;
  /** Null: the group has committed nothing there yet. */
  committed: string | null;
  endOffset: string;
  /** When the broker was asked last. */
  seenAt: Date;
  /** When the committed offset was another one last. */
  movedAt: Date;
  /** Since when it stands at the same unread record; null: it moves, or has read everything. */
  headAt: Date | null;
  /** With `headAt`: since when somebody is known to be there; null: nobody is. */
  attendedAt: Date | null;
}

/** @param id null: of all */
export async function readGroupProgress(db: Queryable, id: number | null): Promise<ProgressRow[]> {
  const { rows } = await db.query<ProgressRow>(
    `SELECT subscription_id AS "subscriptionId", retry, partition, committed::text, end_offset::text AS "endOffset",
            seen_at AS "seenAt", moved_at AS "movedAt", head_at AS "headAt", attended_at AS "attendedAt"
     FROM group_progress WHERE $1::int IS NULL OR subscription_id = $1 ORDER BY 1, 2, 3`,
    [id],
  );
  return rows;
}

/**
 * Removed subscriptions with deliveries that are still open, or with rows in the queue `resend`, which may be put aside for a
 * topic that is gone: what the sweep has left to do. @returns their ids
 */
export async function readRemovedOpen(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT f.subscription_id AS id FROM delivery_flow f JOIN subscription x ON x.id = f.subscription_id
     WHERE x.removed_at IS NOT NULL AND f.state IN ('PENDING', 'WAITING', 'DEAD')
     GROUP BY 1 HAVING sum(f.entered - f.departed) > 0
     UNION
     SELECT r.subscription_id FROM resend r JOIN subscription x ON x.id = r.subscription_id
     WHERE x.removed_at IS NOT NULL AND r.kind <> 'operator'`,
  );
  return rows.map(({ id }) => id);
}
