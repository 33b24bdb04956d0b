import type { Queryable } from "../db.ts";
import { countFlow, enteredAt } from "./message-flow.ts";

const RESEND_REJECTED = `
  WITH locked AS MATERIALIZED (
    SELECT r.id, r.state AS left_state, ${enteredAt("r")} AS left_at
    FROM message_state r WHERE r.id = $1 AND r.state = 'REJECTED'
    FOR UPDATE
  ), moved AS (
    UPDATE message_state s
    SET state = 'READY', ready_seq = nextval('message_ready_seq'), attempt = s.attempt + 1, reason = NULL, moved_at = now()
    FROM locked WHERE s.id = locked.id
    RETURNING s.lane, s.attempt, s.state, s.app_id, s.topic_id, ${enteredAt("s")} AS entered_at,
              locked.left_state, locked.left_at
  ), ${countFlow({ from: "moved", left: true })}, wake AS (
    SELECT pg_notify('surelay_ready', lane::text) FROM moved
  )
  SELECT moved.attempt FROM moved LEFT JOIN wake ON true`;

/**
 * REJECTED → READY behind everything that is ready by now, and wakes the relay. The message never was in the broker, so
 * nobody sees it twice; messages of its key that were confirmed later may have gone before it.
 *
 * @returns what the record's `surelay-attempt` will say; null: the message is not REJECTED (any more)
 */
export async function resendRejected(db: Queryable, id: string): Promise<number | null> {
  const { rows } = await db.query<{ attempt: number }>({
    name: "resend-rejected",
    text: RESEND_REJECTED,
    values: [id],
  });
  return rows[0]?.attempt ?? null;
}
