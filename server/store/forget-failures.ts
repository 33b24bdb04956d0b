import type { Queryable } from "../db.ts";

/** Rows of one pass. */
const AT_ONCE = 5000;

/**
 * Charts of failures are kept as long as the other counters. Groups stay as long as a delivery names them, somebody has
 * written a note or ignores them, or they have failed within that time.
 *
 * @param keepDays age at which they are forgotten, days
 * @returns whether a pass was full, so that there may be more at once
 */
export async function forgetFailures(db: Queryable, keepDays: number): Promise<boolean> {
  const minutes = await db.query(
    `DELETE FROM failure_flow WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM failure_flow WHERE minute < now() - $1 * interval '1 day' LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED))`,
    [keepDays],
  );
  const groups = await db.query(
    `DELETE FROM failure_group WHERE id = ANY (ARRAY(
       SELECT g.id FROM failure_group g
       WHERE g.last_at < now() - $1 * interval '1 day' AND g.note IS NULL AND g.ignored_at IS NULL
         AND NOT EXISTS (SELECT FROM delivery d WHERE d.failure_group_id = g.id)
       ORDER BY g.id LIMIT 100 FOR UPDATE OF g SKIP LOCKED))`,
    [keepDays],
  );
  return minutes.rowCount === AT_ONCE || groups.rowCount === 100;
}
