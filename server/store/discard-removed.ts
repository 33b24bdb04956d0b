import type { Queryable } from "../db.ts";
import { countDeliveries } from "./delivery-flow.ts";
import { SETTLED, settleMessages } from "./settle-messages.ts";

/** Why the deliveries of a removed subscription are DISCARDED. */
export const REMOVED_REASON = "subscription removed";

/**
 * By the indexes that recover and operators go by; what stands in the queue `resend` for a delivery that was answered is
 * found there. Messages are locked first, in the order of their ids, as whoever acknowledges locks them; then rows of the
 * queue, then deliveries, as the relay's mark does. A row that somebody has in hand is not waited for, and its delivery stays
 * open, so that the next pass comes back for both: the relay may have put it aside and not sent it.
 */
const DISCARD = `
  WITH picked AS MATERIALIZED (
    (SELECT message_id FROM delivery
     WHERE subscription_id = $1 AND state = 'PENDING' AND due_at IS NOT NULL
     ORDER BY subscription_id, state, due_at LIMIT $2)
    UNION ALL
    (SELECT message_id FROM delivery WHERE subscription_id = $1 AND state IN ('WAITING', 'DEAD') LIMIT $2)
    UNION ALL
    (SELECT message_id FROM resend WHERE subscription_id = $1 AND kind <> 'operator' LIMIT $2)
  ), locked AS MATERIALIZED (
    SELECT s.id, s.state
    FROM (SELECT DISTINCT message_id FROM picked ORDER BY 1 LIMIT $2) p JOIN message_state s ON s.id = p.message_id
    FOR UPDATE OF s
  ), queued AS MATERIALIZED (
    SELECT r.id FROM locked l JOIN resend r ON r.message_id = l.id AND r.subscription_id = $1 AND r.kind <> 'operator'
    FOR UPDATE OF r SKIP LOCKED
  ), unsent AS (
    DELETE FROM resend WHERE id IN (SELECT id FROM queued)
  ), still_open AS MATERIALIZED (
    SELECT d.message_id, d.subscription_id, d.state AS left_state, d.moved_at AS left_at, l.state AS message_was
    FROM locked l JOIN delivery d ON d.message_id = l.id AND d.subscription_id = $1
    WHERE d.state NOT IN ${SETTLED} AND NOT EXISTS (
      SELECT FROM resend r
      WHERE r.message_id = d.message_id AND r.subscription_id = $1 AND r.kind <> 'operator'
        AND r.id NOT IN (SELECT id FROM queued) OFFSET 0)
    FOR UPDATE OF d
  ), discarded AS (
    UPDATE delivery d SET state = 'DISCARDED', due_at = NULL, moved_at = now(), reason = $3
    FROM still_open o WHERE d.message_id = o.message_id AND d.subscription_id = o.subscription_id
    RETURNING d.message_id, d.subscription_id, d.attempt, d.state, d.moved_at AS entered_at, o.left_state, o.left_at, o.message_was
  ), told AS (
    INSERT INTO delivery_attempt (message_id, subscription_id, attempt, kind, by, reason)
    SELECT message_id, subscription_id, attempt, 'discarded', 'sweep', $3 FROM discarded
  ), ${settleMessages({ from: "discarded", locked: null })}, ${countDeliveries({ from: "discarded", left: true })}
  SELECT count(*)::int AS discarded FROM discarded`;

/**
 * Discards open deliveries of a subscription that was removed, and takes its redeliveries and dead letters out of the queue;
 * those the relay has in hand are left to the next pass. Any number may do it at once; messages whose last delivery it was
 * become CONSUMED.
 *
 * @returns how many; less than `limit`: none is left that could be discarded now
 */
export async function discardRemoved(db: Queryable, subscriptionId: number, limit: number): Promise<number> {
  const { rows } = await db.query<{ discarded: number }>({
    name: "discard-removed",
    text: DISCARD,
    values: [subscriptionId, limit, REMOVED_REASON],
  });
  return rows[0]!.discarded;
}
