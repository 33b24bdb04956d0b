import type { Queryable } from "../db.ts";
import { countFlow, enteredAt } from "./message-flow.ts";

/**
 * The claim has locked its rows and judged their state. Naming the state once more in the UPDATE would offer the planner the
 * index of what is scheduled as a way to them: every row of it held against every row of the claim, 570 ms for 500 of 10,000.
 */
const RELEASE_DUE = `
  WITH due AS MATERIALIZED (
    SELECT id, state AS left_state, ${enteredAt("d")} AS left_at FROM message_state d
    WHERE state = 'SCHEDULED' AND deliver_at <= now()
    ORDER BY deliver_at LIMIT $1 FOR UPDATE SKIP LOCKED
  ), moved AS (
    UPDATE message_state s SET state = 'READY', ready_seq = nextval('message_ready_seq'), moved_at = now()
    FROM due WHERE s.id = due.id
    RETURNING s.lane, s.state, s.app_id, s.topic_id, ${enteredAt("s")} AS entered_at, due.left_state, due.left_at
  ), ${countFlow({ from: "moved", left: true })}, wake AS (
    SELECT pg_notify('surelay_ready', string_agg(DISTINCT lane::text, ',')) FROM moved HAVING count(*) > 0
  )
  SELECT (SELECT count(*) FROM moved)::int AS moved FROM (SELECT 1) one LEFT JOIN wake ON true`;

/** SCHEDULED → READY for up to `limit` messages whose time has come, earliest first. @returns how many moved */
export async function releaseDue(db: Queryable, limit: number): Promise<number> {
  const { rows } = await db.query<{ moved: number }>({
    name: "release-due",
    text: RELEASE_DUE,
    values: [limit],
  });
  return rows[0]!.moved;
}

/** How long until the next message is due, ms, 0 if one is; null: none is scheduled. */
export async function readNextScheduled(db: Queryable): Promise<number | null> {
  const { rows } = await db.query<{ inMs: number }>({
    name: "read-next-scheduled",
    text: `SELECT greatest(0, extract(epoch FROM deliver_at - now()) * 1000)::float8 AS "inMs" FROM message_state
           WHERE state = 'SCHEDULED' ORDER BY deliver_at LIMIT 1`,
  });
  return rows[0]?.inMs ?? null;
}
