import { type Pool, type Queryable, inTransaction } from "../db.ts";
import { enteredAt, minuteOf } from "./message-flow.ts";

/** States that somebody still has to move a message out of; of the others only the coming in is counted. */
const WAITING = `('PREPARED', 'UNDECIDED', 'SCHEDULED', 'READY', 'REJECTED')`;
/** Slot of what is added up; no writer uses it. */
const MERGED = -1;
/** Rows of one pass: it holds their locks, so it must be short. */
const AT_ONCE = 5000;

/**
 * Adds up the slots of minutes gone by: waiting cohorts into one row each, the others into the history. A row that a
 * writer is just changing is left for the next pass; a writer that finds its row gone makes a new one, which a later pass
 * adds. One statement: a sweep that dies has done nothing, two at once take different rows.
 */
const MERGE = `
  WITH picked AS MATERIALIZED (
    SELECT minute, state, app_id, topic_id, slot FROM message_flow
    WHERE slot >= 0 AND minute < ${minuteOf("now()")} - interval '1 minute'
    ORDER BY 1, 2, 3, 4, 5 LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
  ), gone AS (
    DELETE FROM message_flow f USING picked p
    WHERE f.minute = p.minute AND f.state = p.state AND f.app_id = p.app_id AND f.topic_id = p.topic_id AND f.slot = p.slot
    RETURNING f.*
  ), sums AS MATERIALIZED (
    SELECT minute, state, app_id, topic_id, sum(entered) AS entered, sum(stored) AS stored, sum(departed) AS departed
    FROM gone GROUP BY 1, 2, 3, 4
  ), merged AS (
    INSERT INTO message_flow AS f (minute, state, app_id, topic_id, slot, entered, stored, departed)
    SELECT minute, state, app_id, topic_id, ${MERGED}, entered, stored, departed FROM sums
    WHERE state IN ${WAITING} ORDER BY 1, 2, 3, 4
    ON CONFLICT (minute, state, app_id, topic_id, slot) DO UPDATE
    SET entered = f.entered + excluded.entered, stored = f.stored + excluded.stored, departed = f.departed + excluded.departed
  ), kept AS (
    INSERT INTO message_flow_history AS h (minute, state, app_id, topic_id, entered, stored)
    SELECT minute, state, app_id, topic_id, entered, stored FROM sums
    WHERE state NOT IN ${WAITING} ORDER BY 1, 2, 3, 4
    ON CONFLICT (minute, state, app_id, topic_id) DO UPDATE
    SET entered = h.entered + excluded.entered, stored = h.stored + excluded.stored
  )
  SELECT count(*)::int AS rows FROM gone`;

/**
 * Moves cohorts that have drained to the history. Whatever else is added to one later makes a row of its own and drains
 * by itself; a moved row adds nothing to any backlog, so the sums are right at every moment.
 */
const SETTLE = `
  WITH picked AS MATERIALIZED (
    SELECT minute, state, app_id, topic_id FROM message_flow
    WHERE slot = ${MERGED} AND entered = departed
    ORDER BY 1, 2, 3, 4 LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
  ), gone AS (
    DELETE FROM message_flow f USING picked p
    WHERE f.minute = p.minute AND f.state = p.state AND f.app_id = p.app_id AND f.topic_id = p.topic_id AND f.slot = ${MERGED}
    RETURNING f.*
  ), kept AS (
    INSERT INTO message_flow_history AS h (minute, state, app_id, topic_id, entered, stored)
    SELECT minute, state, app_id, topic_id, entered, stored FROM gone ORDER BY 1, 2, 3, 4
    ON CONFLICT (minute, state, app_id, topic_id) DO UPDATE
    SET entered = h.entered + excluded.entered, stored = h.stored + excluded.stored
  )
  SELECT count(*)::int AS rows FROM gone`;

const FORGET = `
  DELETE FROM message_flow_history WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM message_flow_history WHERE minute < now() - $1 * interval '1 day' ORDER BY minute LIMIT ${AT_ONCE}
    FOR UPDATE SKIP LOCKED))`;

/**
 * One pass of the upkeep that keeps the counters small, whatever the traffic: any number of sweeps may run it.
 *
 * @param keepDays age at which the history is forgotten, days
 * @returns whether a pass was full, so that there may be more at once
 */
export async function tidyFlow(
  db: Queryable,
  keepDays: number,
): Promise<{ merged: number; settled: number; more: boolean }> {
  const merged = (await db.query<{ rows: number }>(MERGE)).rows[0]!.rows;
  const settled = (await db.query<{ rows: number }>(SETTLE)).rows[0]!.rows;
  const { rowCount } = await db.query(FORGET, [keepDays]);
  return { merged, settled, more: [merged, settled, rowCount].includes(AT_ONCE) };
}

/** One partial index per arm: a single IN list would walk the whole table. */
const cohortsOf = (where: string): string =>
  `SELECT ${minuteOf(enteredAt("s"))} AS minute, s.state, s.app_id, s.topic_id, count(*)::int AS n
   FROM message_state s WHERE ${where} GROUP BY 1, 2, 3, 4`;

/** The messages themselves against their counters. One snapshot: a difference is one, never a race. */
const DIFFERENCE = `
  WITH actual AS (
    SELECT minute, state, app_id, topic_id, sum(n)::int AS n FROM (
      ${["state = 'PREPARED'", "state = 'SCHEDULED'", "state = 'READY' AND held_at IS NULL", "state = 'READY' AND held_at IS NOT NULL", "state IN ('UNDECIDED', 'REJECTED')"].map(cohortsOf).join(" UNION ALL ")}
    ) part GROUP BY 1, 2, 3, 4
  ), counted AS (
    SELECT minute, state, app_id, topic_id, sum(entered - departed)::int AS n
    FROM message_flow WHERE state IN ${WAITING} GROUP BY 1, 2, 3, 4
  ), difference AS (
    SELECT minute, state, app_id, topic_id, coalesce(actual.n, 0) AS actual, coalesce(counted.n, 0) AS counted
    FROM actual FULL JOIN counted USING (minute, state, app_id, topic_id)
    WHERE coalesce(actual.n, 0) <> coalesce(counted.n, 0)
  )`;

/** A cohort whose counters do not say what is stored. */
export interface FlowDifference {
  minute: Date;
  state: string;
  appId: number;
  topicId: number;
  /** Messages that stand there. */
  actual: number;
  counted: number;
}

/** Where counters and messages differ; nowhere, unless something else than this service's statements wrote. Costs a look at every waiting message. */
export async function compareFlow(db: Queryable): Promise<FlowDifference[]> {
  const { rows } = await db.query<FlowDifference>(
    `${DIFFERENCE} SELECT minute, state, app_id AS "appId", topic_id AS "topicId", actual, counted FROM difference
     ORDER BY minute, state LIMIT 1000`,
  );
  return rows;
}

const REPAIR_LOCK = 72707371;

/**
 * Makes the counters say what is stored, beside running writers: the difference is added, not set, so what they count
 * meanwhile stays counted. For what wrote without counting: an older version during an upgrade, somebody's own SQL,
 * partitions dropped with messages still waiting.
 *
 * @returns cohorts that were mended; null: another process is at it
 */
export function repairFlow(pool: Pool): Promise<number | null> {
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ mine: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS mine", [
      REPAIR_LOCK,
    ]);
    // A statement of its own, after the lock: its snapshot has what the last repair has written.
    if (!rows[0]!.mine) return null;
    const repaired = await tx.query(
      `${DIFFERENCE}
       INSERT INTO message_flow AS f (minute, state, app_id, topic_id, slot, entered, departed)
       SELECT minute, state, app_id, topic_id, ${MERGED}, greatest(actual - counted, 0), greatest(counted - actual, 0)
       FROM difference ORDER BY 1, 2, 3, 4
       ON CONFLICT (minute, state, app_id, topic_id, slot) DO UPDATE
       SET entered = f.entered + excluded.entered, departed = f.departed + excluded.departed`,
    );
    return repaired.rowCount;
  });
}
