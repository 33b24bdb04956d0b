import type { Queryable } from "../db.ts";
import type { MessageState } from "../domain/message-state.ts";

/** Messages of one app and topic that wait in one state. */
export interface Backlog {
  state: MessageState;
  appId: number;
  topicId: number;
  /** Exact. */
  count: number;
  /** Beginning of the minute in which the oldest of them came into the state. */
  oldestMinute: Date;
}

/**
 * What waits, by state, app and topic, from the counters: milliseconds, whatever is stored. A cohort is one row per app,
 * topic and minute that has not drained, so this grows with the age of a backlog and not with its size.
 */
export async function readBacklogs(db: Queryable): Promise<Backlog[]> {
  const { rows } = await db.query<Backlog>(
    `SELECT state, app_id AS "appId", topic_id AS "topicId", sum(n)::float8 AS count, min(minute) AS "oldestMinute"
     FROM (
       SELECT state, app_id, topic_id, minute, sum(entered - departed) AS n FROM message_flow
       WHERE state IN ('PREPARED', 'UNDECIDED', 'SCHEDULED', 'READY', 'REJECTED')
       GROUP BY 1, 2, 3, 4 HAVING sum(entered - departed) > 0
     ) cohort GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  );
  return rows;
}

const BOTH = (columns: string, where: string): string => `
  SELECT ${columns} FROM message_flow WHERE ${where} UNION ALL
  SELECT ${columns} FROM message_flow_history WHERE ${where}`;

/** Messages that came into a state of one app and topic. */
export interface Arrivals {
  state: MessageState;
  appId: number;
  topicId: number;
  /** In the last whole minute. */
  lastMinute: number;
  /** In the last five whole minutes. */
  lastFive: number;
  /** Since the beginning of the present minute. */
  thisMinute: number;
}

/** Rates by state, app and topic over the last whole minutes, which every writer has finished counting. */
export async function readArrivals(db: Queryable): Promise<Arrivals[]> {
  const { rows } = await db.query<Arrivals>(
    `WITH present AS (SELECT date_bin('1 minute', now(), timestamptz 'epoch') AS minute)
     SELECT state, app_id AS "appId", topic_id AS "topicId",
            coalesce(sum(entered) FILTER (WHERE f.minute = present.minute - interval '1 minute'), 0)::float8 AS "lastMinute",
            coalesce(sum(entered) FILTER (WHERE f.minute < present.minute), 0)::float8 AS "lastFive",
            coalesce(sum(entered) FILTER (WHERE f.minute >= present.minute), 0)::float8 AS "thisMinute"
     FROM present CROSS JOIN LATERAL (${BOTH("state, app_id, topic_id, minute, entered", "minute >= present.minute - interval '5 minutes'")}) f
     GROUP BY 1, 2, 3`,
  );
  return rows;
}

/** What happened in one stretch of time. */
export interface FlowPoint {
  /** Beginning of the stretch. */
  at: Date;
  /** Messages taken in, prepared or sent in one phase. */
  stored: number;
  sent: number;
  /** Done at every consumer that has to say so. */
  consumed: number;
  cancelled: number;
  rejected: number;
}

/**
 * The last `minutes` minutes in stretches of `stepMinutes`, oldest first, without gaps; the last one is still going on.
 *
 * @param filter one app's or topic's part; absent: all
 */
export async function readFlowSeries(
  db: Queryable,
  span: { minutes: number; stepMinutes: number },
  filter: { appId?: number; topicId?: number } = {},
): Promise<FlowPoint[]> {
  const where = `minute >= (SELECT first FROM span)
    AND ($3::int IS NULL OR app_id = $3) AND ($4::int IS NULL OR topic_id = $4)`;
  const { rows } = await db.query<FlowPoint>(
    `WITH span AS (
       SELECT date_bin($2 * interval '1 minute', now(), timestamptz 'epoch') AS last,
              date_bin($2 * interval '1 minute', now() - ($1 - $2) * interval '1 minute', timestamptz 'epoch') AS first
     ), seen AS (
       SELECT date_bin($2 * interval '1 minute', minute, timestamptz 'epoch') AS at, sum(stored)::float8 AS stored,
              coalesce(sum(entered) FILTER (WHERE state = 'SENT'), 0)::float8 AS sent,
              coalesce(sum(entered) FILTER (WHERE state = 'CONSUMED'), 0)::float8 AS consumed,
              coalesce(sum(entered) FILTER (WHERE state = 'CANCELLED'), 0)::float8 AS cancelled,
              coalesce(sum(entered) FILTER (WHERE state = 'REJECTED'), 0)::float8 AS rejected
       FROM (${BOTH("state, minute, entered, stored", where)}) f GROUP BY 1
     )
     SELECT stretch.at, coalesce(stored, 0) AS stored, coalesce(sent, 0) AS sent, coalesce(consumed, 0) AS consumed, coalesce(cancelled, 0) AS cancelled,
            coalesce(rejected, 0) AS rejected
     FROM span CROSS JOIN LATERAL generate_series(span.first, span.last, $2 * interval '1 minute') AS stretch(at)
     LEFT JOIN seen USING (at) ORDER BY 1`,
    [span.minutes, span.stepMinutes, filter.appId ?? null, filter.topicId ?? null],
  );
  return rows;
}
