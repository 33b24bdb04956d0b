import { countFlow } from "./message-flow.ts";

/** What no transition leaves: server/domain/delivery-state.ts. */
export const SETTLED = "('ACKED', 'DISCARDED')";

export interface SettleOptions {
  /**
   * Name of the CTE that moved deliveries, one row each: message_id, subscription_id, state, and left_state, which is null
   * for a delivery that this statement has made.
   */
  from: string;
  /**
   * Name of the CTE that locked their messages (`FOR UPDATE`, in the order of their ids), with id and state. Null: the rows
   * of `from` bring the locked state along as `message_was`, which spares a join of two lists that grows with the square of
   * a batch where plans are pinned to nested loops (25 ms for 500).
   */
  locked: string | null;
}

/**
 * CTEs that carry over to the messages what became of their deliveries. For every statement that moves deliveries, but the
 * one that makes them (markSent, which does the same arithmetic): it keeps `open_deliveries` the number of rows that are
 * neither ACKED nor DISCARDED, at every moment and whatever becomes of subscriptions meanwhile; SENT → CONSUMED with the
 * last of them, unless committed offsets count too; and for a message that is still READY it notes which deliveries stand
 * already.
 *
 * Lock order: message_state by id, then delivery by (message_id, subscription_id), then counters.
 * The last CTE is `flow`: the statement must not have another one of that name.
 */
export function settleMessages({ from, locked }: SettleOptions): string {
  const was = locked === null ? "a.message_was" : "l.state";
  return `answered AS (
    SELECT message_id, ${locked === null ? "message_was," : ""}
           (count(*) FILTER (WHERE state NOT IN ${SETTLED}) - count(*) FILTER (WHERE left_state NOT IN ${SETTLED}))::smallint AS opened,
           array_agg(subscription_id) FILTER (WHERE left_state IS NULL) AS made
    FROM ${from} GROUP BY message_id${locked === null ? ", message_was" : ""}
  ), carried AS (
    UPDATE message_state s
    SET open_deliveries = s.open_deliveries + a.opened,
        early_deliveries = CASE WHEN s.state = 'READY' THEN s.early_deliveries || a.made ELSE s.early_deliveries END,
        state = CASE WHEN s.state = 'SENT' AND s.open_deliveries + a.opened = 0 AND NOT s.by_offset
                THEN 'CONSUMED' ELSE s.state END
    FROM answered a ${locked === null ? "" : `JOIN ${locked} l ON l.id = a.message_id`}
    WHERE s.id = a.message_id
      AND (a.opened <> 0 OR (s.state = 'READY' AND a.made IS NOT NULL)
           OR (s.state = 'SENT' AND s.open_deliveries = 0 AND NOT s.by_offset))
    RETURNING s.app_id, s.topic_id, s.state, now() AS entered_at, ${was} AS was
  ), consumed AS (
    SELECT app_id, topic_id, state, entered_at FROM carried WHERE state = 'CONSUMED' AND was = 'SENT'
  ), ${countFlow({ from: "consumed", left: "uncounted" })}`;
}
