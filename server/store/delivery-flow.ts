import { minuteOf } from "./message-flow.ts";

/**
 * Counters of deliveries, by the rules of message-flow.ts: written by the statement that moves them, last of all and in the
 * order of their key. A cohort is (minute, state, subscription). PENDING, WAITING and DEAD are waited in: a delivery leaves
 * the very cohort that it came into, whose minute is told by `moved_at`. Every statement that changes a delivery's state
 * sets moved_at = now(), and takes the former one from the row it has locked. ACKED and DISCARDED are entered only.
 *
 * A change that stays in its state (WAITING with another due time) leaves moved_at alone and counts nothing; one that
 * stays in its state and sets moved_at (a further failure of what is WAITING) counts as leaving it and coming back.
 */

/** Connections are spread over as many counters of one cohort. */
const SLOTS = 32;

export interface DeliveryFlowOptions {
  /** Name of the CTE: one row per delivery, with the columns subscription_id, state, entered_at. */
  from: string;
  /** The CTE also has left_state and left_at (null: the delivery was made by this statement). */
  left: boolean;
}

/** A CTE `delivery_counts` that counts what another CTE of the same statement has moved or made. */
export function countDeliveries({ from, left }: DeliveryFlowOptions): string {
  const leaving = left ? `, left_state, ${minuteOf("left_at")} AS left_minute` : "";
  const steps = left
    ? `(VALUES (g.minute, g.state, g.n, 0), (g.left_minute, g.left_state, 0, g.n))`
    : `(VALUES (g.minute, g.state, g.n, 0))`;
  return `delivery_counts AS (
    INSERT INTO delivery_flow AS f (minute, state, subscription_id, slot, entered, departed)
    SELECT step.minute, step.state, g.subscription_id, pg_backend_pid() % ${SLOTS}, sum(step.entered), sum(step.departed)
    FROM (
      SELECT subscription_id, state, ${minuteOf("entered_at")} AS minute${leaving}, count(*) AS n
      FROM ${from} GROUP BY ${left ? "1, 2, 3, 4, 5" : "1, 2, 3"}
    ) g CROSS JOIN LATERAL ${steps} AS step(minute, state, entered, departed)
    ${left ? "WHERE step.state IS NOT NULL AND (step.entered > 0 OR step.state NOT IN ('ACKED', 'DISCARDED'))" : ""}
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (minute, state, subscription_id, slot) DO UPDATE
    SET entered = f.entered + excluded.entered, departed = f.departed + excluded.departed
  )`;
}
