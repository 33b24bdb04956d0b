import { canonicalId } from "../client/canonical-id.ts";
import type { Dialect } from "../database/database.ts";
import { mysqlTime, ROW_COUNT } from "../database/mysql-text.ts";

// Values stand in the text, as with the producer's barrier: ids are hexadecimal digits and dashes, names are checked when
// the consumer is made, numbers are whole. Six libraries have six ways to pass a parameter; this way an adapter needs none.

export interface InboxKey {
  messageId: string;
  subscription: string;
}

export interface ReachKey {
  subscription: string;
  topic: string;
  partition: number;
}

type Statements = string[];

/** Statements over `surelay_inbox` and `surelay_inbox_reach` of one dialect. Of several the last one's rows count. */
export interface InboxSql {
  /** Writes the row as finished unless one stands that is. A row comes back, or `n` above 0, if it was written. */
  claim(key: InboxKey, attempt: number): Statements;
  /** Where `claim` has written nothing: takes a row that was only started. Empty: claim does both. */
  claimStarted(key: InboxKey, attempt: number): Statements;
  countWritten(rows: readonly Record<string, unknown>[]): number;
  /** As column `n`: 1 if the row is finished, as this transaction sees it. */
  countFinished(key: InboxKey): string;
  /** The starts so far as column `n`, and as `finished` 1 or 0. No row: it was never begun, or its start was not noted. */
  readStarts(key: InboxKey): string;
  /** Counts a start; as column `n` the starts so far, this one included. No row: it is finished. */
  noteStart(key: InboxKey, attempt: number, maxStarts: number): Statements;
  forgetStarts(key: InboxKey): string;
  readReach(key: ReachKey): string;
  writeReach(key: ReachKey, reach: number, owner: string): string;
  /** Takes the marks of one owner away. */
  releaseReach(subscription: string, owner: string): string;
  /** Deletes at most `limit` rows of messages below an id that were written before a moment. */
  deleteBelow(id: string, ms: number, limit: number): Statements;
}

const whole = (n: number) => String(Math.trunc(n));
const inboxRow = ({ messageId, subscription }: InboxKey) =>
  `message_id = '${canonicalId(messageId)}' AND subscription = '${subscription}'`;
const inboxValues = ({ messageId, subscription }: InboxKey, attempt: number) =>
  `'${canonicalId(messageId)}', '${subscription}', ${whole(attempt)}`;
const reachRow = ({ subscription, topic, partition }: ReachKey) =>
  `subscription = '${subscription}' AND topic = '${topic}' AND broker_partition = ${whole(partition)}`;

const shared = {
  countFinished: (key: InboxKey) =>
    `SELECT count(*) AS n FROM surelay_inbox WHERE ${inboxRow(key)} AND finished_at IS NOT NULL`,
  readStarts: (key: InboxKey) =>
    `SELECT starts AS n, CASE WHEN finished_at IS NULL THEN 0 ELSE 1 END AS finished FROM surelay_inbox WHERE ${inboxRow(key)}`,
  forgetStarts: (key: InboxKey) =>
    `UPDATE surelay_inbox SET starts = 0 WHERE ${inboxRow(key)} AND finished_at IS NULL`,
  readReach: (key: ReachKey) => `SELECT reach, owner FROM surelay_inbox_reach WHERE ${reachRow(key)}`,
  releaseReach: (subscription: string, owner: string) =>
    `DELETE FROM surelay_inbox_reach WHERE subscription = '${subscription}' AND owner = '${owner}'`,
};

const reachValues = ({ subscription, topic, partition }: ReachKey, reach: number, owner: string) =>
  `INSERT INTO surelay_inbox_reach (subscription, topic, broker_partition, reach, owner)
   VALUES ('${subscription}', '${topic}', ${whole(partition)}, ${whole(reach)}, '${owner}')`;

const postgresql: InboxSql = {
  ...shared,
  claim: (key, attempt) => [
    `INSERT INTO surelay_inbox (message_id, subscription, attempt, finished_at)
     VALUES (${inboxValues(key, attempt)}, clock_timestamp())
     ON CONFLICT (message_id, subscription) DO UPDATE
       SET attempt = excluded.attempt, finished_at = excluded.finished_at WHERE surelay_inbox.finished_at IS NULL
     RETURNING 1 AS n`,
  ],
  claimStarted: () => [],
  countWritten: (rows) => rows.length,
  noteStart: (key, attempt, maxStarts) => [
    `INSERT INTO surelay_inbox (message_id, subscription, attempt, starts) VALUES (${inboxValues(key, attempt)}, 1)
     ON CONFLICT (message_id, subscription) DO UPDATE
       SET starts = CASE WHEN surelay_inbox.starts > ${whole(maxStarts)} AND excluded.attempt > surelay_inbox.attempt
                      THEN 1 ELSE surelay_inbox.starts + 1 END,
           attempt = greatest(surelay_inbox.attempt, excluded.attempt), started_at = clock_timestamp()
       WHERE surelay_inbox.finished_at IS NULL
     RETURNING starts AS n`,
  ],
  writeReach: (key, reach, owner) =>
    `${reachValues(key, reach, owner)} ON CONFLICT (subscription, topic, broker_partition) DO UPDATE
     SET reach = excluded.reach, owner = excluded.owner, marked_at = clock_timestamp()`,
  deleteBelow: (id, ms, limit) => [
    `DELETE FROM surelay_inbox WHERE (message_id, subscription) IN (SELECT message_id, subscription FROM surelay_inbox
       WHERE message_id < '${canonicalId(id)}' AND coalesce(finished_at, started_at) < '${new Date(ms).toISOString()}'
       ORDER BY message_id LIMIT ${whole(limit)})
     RETURNING 1 AS n`,
  ],
};

const mysql: InboxSql = {
  ...shared,
  claim: (key, attempt) => [
    `INSERT IGNORE INTO surelay_inbox (message_id, subscription, attempt, finished_at)
     VALUES (${inboxValues(key, attempt)}, utc_timestamp(3))`,
    ROW_COUNT,
  ],
  // Sees what is committed, whatever the isolation; a row that is finished already is not matched.
  claimStarted: (key, attempt) => [
    `UPDATE surelay_inbox SET attempt = ${whole(attempt)}, finished_at = utc_timestamp(3)
     WHERE ${inboxRow(key)} AND finished_at IS NULL`,
    ROW_COUNT,
  ],
  countWritten: (rows) => Math.max(0, Number(rows[0]?.n ?? 0)),
  // Assignments are done from left to right: `starts` looks at the attempt as it was.
  noteStart: (key, attempt, maxStarts) => [
    `INSERT INTO surelay_inbox (message_id, subscription, attempt, starts) VALUES (${inboxValues(key, attempt)}, 1)
     ON DUPLICATE KEY UPDATE
       starts = IF(starts > ${whole(maxStarts)} AND VALUES(attempt) > attempt, 1, starts + 1),
       attempt = GREATEST(attempt, VALUES(attempt)), started_at = utc_timestamp(3)`,
    `SELECT starts AS n FROM surelay_inbox WHERE ${inboxRow(key)} AND finished_at IS NULL`,
  ],
  writeReach: (key, reach, owner) =>
    `${reachValues(key, reach, owner)} ON DUPLICATE KEY UPDATE
     reach = VALUES(reach), owner = VALUES(owner), marked_at = utc_timestamp(3)`,
  deleteBelow: (id, ms, limit) => [
    `DELETE FROM surelay_inbox
     WHERE message_id < '${canonicalId(id)}' AND coalesce(finished_at, started_at) < '${mysqlTime(ms)}'
     ORDER BY message_id LIMIT ${whole(limit)}`,
    ROW_COUNT,
  ],
};

export const INBOX_SQL: Record<Dialect, InboxSql> = { postgresql, mysql };
