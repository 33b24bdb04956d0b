import { canonicalId } from "../client/canonical-id.ts";
import type { Dialect } from "../database/database.ts";
import { ROW_COUNT, mysqlTime } from "../database/mysql-text.ts";

// Values stand in the text: canonicalId lets nothing through but hexadecimal digits and dashes, numbers and times are made
// here. Six libraries have six ways to pass a parameter; this way an adapter needs none.

export type Outcome = "committed" | "rolled_back";

/** The row that says up to which moment rows of older messages may have been pruned; no message has this id. */
const WATERMARK = "'00000000-0000-0000-0000-000000000000'";

/** Statements over `surelay_barrier` of one dialect. */
export interface BarrierSql {
  /** Adds rows where none stands. @returns statements, in order; the last one's rows tell by `countInserted` how many came in */
  insert(ids: readonly string[], outcome: Outcome): string[];
  countInserted(rows: readonly Record<string, unknown>[]): number;
  /** How many of the ids stand as committed, as column `n`. */
  countCommitted(ids: readonly string[]): string;
  /** The row's outcome as it is committed, not as an old snapshot has it. */
  readOutcome(id: string): string;
  /** A row if the barrier rows of messages as old as this one may have been pruned. */
  isPruned(ms: number): string;
  /** Bounds how long the transaction waits for others. */
  limitWaits(ms: number): string[];
  /** Gives the connection back as it was. */
  restoreWaits(): string[];
  raiseWatermark(ms: number): string;
  /** Deletes at most `limit` rows below an id; the last one's rows tell by `countInserted` how many. */
  deleteBelow(id: string, limit: number): string[];
}

const list = (ids: readonly string[]) => ids.map((id) => `'${canonicalId(id)}'`).join(",");
const rowsOf = (ids: readonly string[], outcome: Outcome) =>
  [...ids]
    .sort() // one order for all, so that two transactions cannot wait for each other
    .map((id) => `('${canonicalId(id)}','${outcome}')`)
    .join(",");
const countCommitted = (ids: readonly string[]) =>
  `SELECT count(*) AS n FROM surelay_barrier WHERE message_id IN (${list(ids)}) AND outcome = 'committed'`;
const whole = (n: number) => String(Math.trunc(n));

const postgresql: BarrierSql = {
  insert: (ids, outcome) => [
    `INSERT INTO surelay_barrier (message_id, outcome) VALUES ${rowsOf(ids, outcome)} ON CONFLICT (message_id) DO NOTHING RETURNING 1 AS n`,
  ],
  countInserted: (rows) => rows.length,
  countCommitted,
  readOutcome: (id) => `SELECT outcome FROM surelay_barrier WHERE message_id = '${canonicalId(id)}'`,
  isPruned: (ms) =>
    `SELECT 1 AS n FROM surelay_barrier WHERE message_id = ${WATERMARK} AND at > '${new Date(ms).toISOString()}'`,
  limitWaits: (ms) => [
    `SET LOCAL lock_timeout = ${whole(ms)}`,
    `SET LOCAL statement_timeout = ${whole(ms + 1000)}`,
  ],
  restoreWaits: () => [],
  raiseWatermark: (ms) =>
    `INSERT INTO surelay_barrier (message_id, outcome, at) VALUES (${WATERMARK}, 'rolled_back', '${new Date(ms).toISOString()}')
     ON CONFLICT (message_id) DO UPDATE SET at = greatest(surelay_barrier.at, excluded.at)`,
  deleteBelow: (id, limit) => [
    `DELETE FROM surelay_barrier WHERE message_id IN (SELECT message_id FROM surelay_barrier
       WHERE message_id > ${WATERMARK} AND message_id < '${canonicalId(id)}' ORDER BY message_id LIMIT ${whole(limit)})
     RETURNING 1 AS n`,
  ],
};

const mysql: BarrierSql = {
  insert: (ids, outcome) => [
    `INSERT IGNORE INTO surelay_barrier (message_id, outcome) VALUES ${rowsOf(ids, outcome)}`,
    ROW_COUNT,
  ],
  countInserted: (rows) => Number(rows[0]?.n ?? 0),
  countCommitted,
  readOutcome: (id) =>
    `SELECT outcome FROM surelay_barrier WHERE message_id = '${canonicalId(id)}' LOCK IN SHARE MODE`,
  isPruned: (ms) =>
    `SELECT 1 AS n FROM surelay_barrier WHERE message_id = ${WATERMARK} AND at > '${mysqlTime(ms)}' LOCK IN SHARE MODE`,
  limitWaits: (ms) => [
    "SET @surelay_lock_wait = @@SESSION.innodb_lock_wait_timeout",
    `SET SESSION innodb_lock_wait_timeout = ${whole(Math.max(1, ms / 1000))}`,
  ],
  restoreWaits: () => ["SET SESSION innodb_lock_wait_timeout = @surelay_lock_wait"],
  raiseWatermark: (ms) =>
    `INSERT INTO surelay_barrier (message_id, outcome, at) VALUES (${WATERMARK}, 'rolled_back', '${mysqlTime(ms)}')
     ON DUPLICATE KEY UPDATE at = GREATEST(at, VALUES(at))`,
  deleteBelow: (id, limit) => [
    `DELETE FROM surelay_barrier WHERE message_id > ${WATERMARK} AND message_id < '${canonicalId(id)}'
     ORDER BY message_id LIMIT ${whole(limit)}`,
    ROW_COUNT,
  ],
};

export const BARRIER_SQL: Record<Dialect, BarrierSql> = { postgresql, mysql };
