import type { Queryable } from "../db.ts";
import { plainArray } from "./sql-array.ts";

/** How much of an app's work is wanted. */
export interface CheckWish {
  appId: number;
  /** Most messages. */
  wanted: number;
  /** For how long they are left to the caller, ms: longer than it takes to ask and to write down the answer. */
  leaseMs: number;
}

/** A message that the caller, and nobody else until the lease ends, asks its producer about. */
export interface CheckClaim {
  id: string;
  appId: number;
  topic: string;
  type: string | null;
  businessKey: string | null;
  storedAt: Date;
  /** Checks that were sent before. */
  checks: number;
  /** The end of the lease on the database's clock. No two claims of a message have the same: it guards what they write. */
  lease: Date;
  /** How long it has been due, ms. */
  lateMs: number;
}

/**
 * Claimed app by app, each by its own stretch of the index. Rejected: one stretch for all, filtered by app, which walks over
 * the whole backlog of an app that is at its limit or cannot be reached, at every pass.
 */
const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT d.id, d.check_at, wish.lease_ms
    FROM unnest($1::int[], $2::int[], $3::int[]) AS wish(app_id, wanted, lease_ms) CROSS JOIN LATERAL (
      SELECT s.id, s.check_at FROM message_state s
      WHERE s.state = 'PREPARED' AND s.app_id = wish.app_id AND s.check_at <= now()
      ORDER BY s.check_at LIMIT wish.wanted FOR UPDATE SKIP LOCKED
    ) d
  ), claimed AS (
    UPDATE message_state s SET check_at = now() + due.lease_ms * interval '1 ms'
    FROM due WHERE s.id = due.id
    RETURNING s.id, s.app_id, s.topic_id, s.stored_at, s.checks, s.check_at AS lease, due.check_at AS due_at
  )
  SELECT c.id, c.app_id AS "appId", topic.name AS topic, m.type, m.business_key AS "businessKey",
         c.stored_at AS "storedAt", c.checks, c.lease,
         (extract(epoch FROM now() - c.due_at) * 1000)::float8 AS "lateMs"
  FROM claimed c JOIN message m ON m.id = c.id JOIN topic ON topic.id = c.topic_id`;

/**
 * Claims messages whose check time has come, of each app the longest due first. A claim moves the check time to the end of
 * its lease: if the caller dies, the message is due again then, and the check is not counted.
 */
export async function claimDueChecks(db: Queryable, wishes: readonly CheckWish[]): Promise<CheckClaim[]> {
  const { rows } = await db.query<CheckClaim>({
    name: "claim-due-checks",
    text: CLAIM,
    values: [
      plainArray(wishes.map((w) => w.appId)),
      plainArray(wishes.map((w) => w.wanted)),
      plainArray(wishes.map((w) => w.leaseMs)),
    ],
  });
  return rows;
}

/**
 * Gives back claims whose check was not sent: due again after `delayMs`, nothing counted. Claims that have run out, and
 * messages that were decided meanwhile, are left alone.
 *
 * @returns ids of those given back
 */
export async function putBackChecks(
  db: Queryable,
  claims: readonly Pick<CheckClaim, "id" | "lease">[],
  delayMs: number,
): Promise<Set<string>> {
  const { rows } = await db.query<[string]>({
    name: "put-back-checks",
    text: `UPDATE message_state s SET check_at = now() + $3::int * interval '1 ms'
           FROM unnest($1::uuid[], $2::timestamptz[]) AS claim(id, lease)
           WHERE s.id = claim.id AND s.state = 'PREPARED' AND s.check_at = claim.lease RETURNING s.id`,
    values: [
      plainArray(claims.map((c) => c.id)),
      plainArray(claims.map((c) => c.lease.toISOString())),
      delayMs,
    ],
    rowMode: "array",
  });
  return new Set(rows.map((row) => row[0]));
}

/** How long until the first check of these apps is due, ms, 0 if one is; null: nothing is prepared. One probe per app. */
export async function readNextCheck(db: Queryable, appIds: readonly number[]): Promise<number | null> {
  const { rows } = await db.query<{ inMs: number | null }>({
    name: "read-next-check",
    text: `SELECT min(greatest(0, extract(epoch FROM next.check_at - now()) * 1000))::float8 AS "inMs"
           FROM unnest($1::int[]) AS asked(app_id) CROSS JOIN LATERAL (
             SELECT s.check_at FROM message_state s WHERE s.state = 'PREPARED' AND s.app_id = asked.app_id
             ORDER BY s.check_at LIMIT 1) next`,
    values: [plainArray(appIds)],
  });
  return rows[0]!.inMs;
}
