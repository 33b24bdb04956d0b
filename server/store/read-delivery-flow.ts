import type { Queryable } from "../db.ts";
import type { DeliveryState } from "../domain/delivery-state.ts";

/** Deliveries of one subscription that wait in one state: PENDING, WAITING or DEAD. */
export interface DeliveryBacklog {
  subscriptionId: number;
  state: DeliveryState;
  /** Exact. */
  count: number;
  /** Beginning of the minute in which the oldest of them came into the state. */
  oldestMinute: Date;
}

/** What waits, by subscription and state, from the counters; as readBacklogs of read-flow.ts. @param id null: of all */
export async function readDeliveryBacklogs(db: Queryable, id: number | null): Promise<DeliveryBacklog[]> {
  const { rows } = await db.query<DeliveryBacklog>(
    `SELECT subscription_id AS "subscriptionId", state, sum(n)::float8 AS count, min(minute) AS "oldestMinute"
     FROM (
       SELECT subscription_id, state, minute, sum(entered - departed) AS n FROM delivery_flow
       WHERE state IN ('PENDING', 'WAITING', 'DEAD') AND ($1::int IS NULL OR subscription_id = $1)
       GROUP BY 1, 2, 3 HAVING sum(entered - departed) > 0
     ) cohort GROUP BY 1, 2 ORDER BY 1, 2`,
    [id],
  );
  return rows;
}

const BOTH = (columns: string, where: string): string => `
  SELECT ${columns} FROM delivery_flow WHERE ${where} UNION ALL
  SELECT ${columns} FROM delivery_flow_history WHERE ${where}`;

/** What came into a state of one subscription. */
export interface DeliveryArrivals {
  subscriptionId: number;
  state: DeliveryState;
  /** In the last five whole minutes. */
  lastFive: number;
  /** Since the beginning of the present minute. */
  thisMinute: number;
}

/** Rates by subscription and state over the last whole minutes. @param id null: of all */
export async function readDeliveryArrivals(db: Queryable, id: number | null): Promise<DeliveryArrivals[]> {
  const { rows } = await db.query<DeliveryArrivals>(
    `WITH present AS (SELECT date_bin('1 minute', now(), timestamptz 'epoch') AS minute)
     SELECT subscription_id AS "subscriptionId", state,
            coalesce(sum(entered) FILTER (WHERE f.minute < present.minute), 0)::float8 AS "lastFive",
            coalesce(sum(entered) FILTER (WHERE f.minute >= present.minute), 0)::float8 AS "thisMinute"
     FROM present CROSS JOIN LATERAL (${BOTH("state, subscription_id, minute, entered", "minute >= present.minute - interval '5 minutes' AND ($1::int IS NULL OR subscription_id = $1)")}) f
     GROUP BY 1, 2`,
    [id],
  );
  return rows;
}

/** What happened to a subscription's deliveries in one stretch of time. */
export interface DeliveryFlowPoint {
  /** Beginning of the stretch. */
  at: Date;
  /** Attempts sent: first ones and redeliveries. */
  pending: number;
  acked: number;
  /** Failed, to be tried again. */
  waiting: number;
  dead: number;
}

/**
 * The last `minutes` minutes in stretches of `stepMinutes`, oldest first, without gaps; the last one is still going on.
 *
 * @param id one subscription's; null: of all
 */
export async function readDeliverySeries(
  db: Queryable,
  span: { minutes: number; stepMinutes: number },
  id: number | null,
): Promise<DeliveryFlowPoint[]> {
  const { rows } = await db.query<DeliveryFlowPoint>(
    `WITH span AS (
       SELECT date_bin($2 * interval '1 minute', now(), timestamptz 'epoch') AS last,
              date_bin($2 * interval '1 minute', now() - ($1 - $2) * interval '1 minute', timestamptz 'epoch') AS first
     ), seen AS (
       SELECT date_bin($2 * interval '1 minute', minute, timestamptz 'epoch') AS at,
              coalesce(sum(entered) FILTER (WHERE state = 'PENDING'), 0)::float8 AS pending,
              coalesce(sum(entered) FILTER (WHERE state = 'ACKED'), 0)::float8 AS acked,
              coalesce(sum(entered) FILTER (WHERE state = 'WAITING'), 0)::float8 AS waiting,
              coalesce(sum(entered) FILTER (WHERE state = 'DEAD'), 0)::float8 AS dead
       FROM (${BOTH("state, minute, entered", "minute >= (SELECT first FROM span) AND ($3::int IS NULL OR subscription_id = $3)")}) f
       GROUP BY 1
     )
     SELECT stretch.at, coalesce(pending, 0) AS pending, coalesce(acked, 0) AS acked, coalesce(waiting, 0) AS waiting,
            coalesce(dead, 0) AS dead
     FROM span CROSS JOIN LATERAL generate_series(span.first, span.last, $2 * interval '1 minute') AS stretch(at)
     LEFT JOIN seen USING (at) ORDER BY 1`,
    [span.minutes, span.stepMinutes, id],
  );
  return rows;
}
