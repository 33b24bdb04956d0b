import { type Pool, type Queryable, inTransaction } from "../db.ts";
import { minuteOf } from "./message-flow.ts";

/** Counters by cohort, with their history beside: message_flow and delivery_flow are alike but for their columns. */
export interface Flow {
  table: string;
  /** Of a cohort beside minute and state, in the order of the key. */
  owner: readonly string[];
  /** What is counted of the coming in; the history keeps it. */
  counted: readonly string[];
  /** Of others only the coming in is counted. */
  waiting: readonly string[];
  /** What stands there, cohort by cohort: SELECTs of minute, state, the owner's columns and n, one per partial index. */
  actual: readonly string[];
}

/** Slot of what is added up; no writer uses it. */
const MERGED = -1;
/** Rows of one pass: it holds their locks, so it must be short. */
const AT_ONCE = 5000;
const REPAIR_LOCK = 72707371;

/** The statements that keep one kind of counters small and true. */
export class FlowUpkeep {
  readonly #merge: string;
  readonly #settle: string;
  readonly #forget: string;
  readonly #difference: string;
  readonly #repair: string;

  constructor(flow: Flow) {
    const { table } = flow;
    const cohort = ["minute", "state", ...flow.owner];
    const key = cohort.join(", ");
    const order = numbers(cohort.length);
    const waiting = `('${flow.waiting.join("', '")}')`;
    const counted = flow.counted.join(", ");
    const sums = [...flow.counted, "departed"].map((c) => `sum(${c}) AS ${c}`).join(", ");
    const add = (alias: string, columns: readonly string[]) =>
      columns.map((c) => `${c} = ${alias}.${c} + excluded.${c}`).join(", ");
    const same = (a: string, b: string) => cohort.map((c) => `${a}.${c} = ${b}.${c}`).join(" AND ");
    const keep = (from: string, where: string) => `
      INSERT INTO ${table}_history AS h (${key}, ${counted})
      SELECT ${key}, ${counted} FROM ${from} ${where} ORDER BY ${order}
      ON CONFLICT (${key}) DO UPDATE SET ${add("h", flow.counted)}`;
    this.#merge = `
      WITH picked AS MATERIALIZED (
        SELECT ${key}, slot FROM ${table}
        WHERE slot >= 0 AND minute < ${minuteOf("now()")} - interval '1 minute'
        ORDER BY ${numbers(cohort.length + 1)} LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
      ), gone AS (
        DELETE FROM ${table} f USING picked p WHERE ${same("f", "p")} AND f.slot = p.slot RETURNING f.*
      ), sums AS MATERIALIZED (
        SELECT ${key}, ${sums} FROM gone GROUP BY ${order}
      ), merged AS (
        INSERT INTO ${table} AS f (${key}, slot, ${counted}, departed)
        SELECT ${key}, ${MERGED}, ${counted}, departed FROM sums WHERE state IN ${waiting} ORDER BY ${order}
        ON CONFLICT (${key}, slot) DO UPDATE SET ${add("f", [...flow.counted, "departed"])}
      ), kept AS (${keep("sums", `WHERE state NOT IN ${waiting}`)})
      SELECT count(*)::int AS rows FROM gone`;
    this.#settle = `
      WITH picked AS MATERIALIZED (
        SELECT ${key} FROM ${table} WHERE slot = ${MERGED} AND entered = departed
        ORDER BY ${order} LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
      ), gone AS (
        DELETE FROM ${table} f USING picked p WHERE ${same("f", "p")} AND f.slot = ${MERGED} RETURNING f.*
      ), kept AS (${keep("gone", "")})
      SELECT count(*)::int AS rows FROM gone`;
    this.#forget = `
      DELETE FROM ${table}_history WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${table}_history WHERE minute < now() - $1 * interval '1 day' ORDER BY minute LIMIT ${AT_ONCE}
        FOR UPDATE SKIP LOCKED))`;
    this.#difference = `
      WITH actual AS (
        SELECT ${key}, sum(n)::int AS n FROM (${flow.actual.join(" UNION ALL ")}) part GROUP BY ${order}
      ), counted AS (
        SELECT ${key}, sum(entered - departed)::int AS n FROM ${table} WHERE state IN ${waiting} GROUP BY ${order}
      ), difference AS (
        SELECT ${key}, coalesce(actual.n, 0) AS actual, coalesce(counted.n, 0) AS counted
        FROM actual FULL JOIN counted USING (${key}) WHERE coalesce(actual.n, 0) <> coalesce(counted.n, 0)
      )`;
    this.#repair = `${this.#difference}
      INSERT INTO ${table} AS f (${key}, slot, entered, departed)
      SELECT ${key}, ${MERGED}, greatest(actual - counted, 0), greatest(counted - actual, 0)
      FROM difference ORDER BY ${order}
      ON CONFLICT (${key}, slot) DO UPDATE SET ${add("f", ["entered", "departed"])}`;
  }

  /**
   * One pass of the upkeep that keeps the counters small, whatever the traffic: any number of sweeps may run it.
   *
   * First the slots of minutes gone by are added up: waiting cohorts into one row each, the others into the history. A row
   * that a writer is just changing is left for the next pass; a writer that finds its row gone makes a new one, which a later
   * pass adds. One statement: a sweep that dies has done nothing, two at once take different rows.
   *
   * Then cohorts that have drained are moved to the history. Whatever else is added to one later makes a row of its own and
   * drains by itself; a moved row adds nothing to any backlog, so the sums are right at every moment.
   *
   * @param keepDays age at which the history is forgotten, days
   * @returns whether a pass was full, so that there may be more at once
   */
  async tidy(db: Queryable, keepDays: number): Promise<{ merged: number; settled: number; more: boolean }> {
    const merged = (await db.query<{ rows: number }>(this.#merge)).rows[0]!.rows;
    const settled = (await db.query<{ rows: number }>(this.#settle)).rows[0]!.rows;
    const { rowCount } = await db.query(this.#forget, [keepDays]);
    return { merged, settled, more: [merged, settled, rowCount].includes(AT_ONCE) };
  }

  /**
   * Where counters and what they count differ; nowhere, unless something else than this service's statements wrote. One
   * snapshot: a difference is one, never a race. Costs a look at everything that waits.
   *
   * @param owner the owner's columns as they are to be called
   */
  async compare<Owner>(db: Queryable, owner: string): Promise<(FlowDifference & Owner)[]> {
    const { rows } = await db.query<FlowDifference & Owner>(
      `${this.#difference} SELECT minute, state, ${owner}, actual, counted FROM difference
       ORDER BY minute, state LIMIT 1000`,
    );
    return rows;
  }

  /**
   * Makes the counters say what is stored, beside running writers: the difference is added, not set, so what they count
   * meanwhile stays counted. For what wrote without counting: an older version during an upgrade, somebody's own SQL,
   * partitions dropped with messages still waiting.
   *
   * @returns cohorts that were mended; null: another process is at it
   */
  repair(pool: Pool): Promise<number | null> {
    return inTransaction(pool, async (tx) => {
      const { rows } = await tx.query<{ mine: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS mine", [
        REPAIR_LOCK,
      ]);
      // A statement of its own, after the lock: its snapshot has what the last repair has written.
      if (!rows[0]!.mine) return null;
      return (await tx.query(this.#repair)).rowCount;
    });
  }
}

/** A cohort whose counters do not say what is stored. */
export interface FlowDifference {
  minute: Date;
  state: string;
  /** What stands there. */
  actual: number;
  counted: number;
}

function numbers(upTo: number): string {
  return Array.from({ length: upTo }, (_, i) => i + 1).join(", ");
}
