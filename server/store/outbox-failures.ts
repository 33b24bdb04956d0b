import type { Queryable } from "../db.ts";
import type { SourceHold } from "./outbox-progress.ts";

/** What an operator wants done with a refused row. */
export type FailureWish = "retry" | "discard";

/** A row of a source that cannot become a message as it is. */
export interface OutboxFailureRow {
  /** What names the row in its source. */
  ref: string;
  messageId: string | null;
  topic: string | null;
  key: string | null;
  /** One of the contract's codes. */
  code: string;
  detail: string;
  attempts: number;
  firstAt: Date;
  lastAt: Date;
  wanted: FailureWish | null;
  wantedBy: string | null;
  wantedAt: Date | null;
}

export type NewOutboxFailure = Pick<
  OutboxFailureRow,
  "ref" | "messageId" | "topic" | "key" | "code" | "detail"
>;

const COLUMNS = `ref, message_id AS "messageId", topic, key, code, detail, attempts, first_at AS "firstAt", last_at AS "lastAt",
  wanted, wanted_by AS "wantedBy", wanted_at AS "wantedAt"`;

/** A source's refused rows, oldest finding first. */
export async function listOutboxFailures(
  db: Queryable,
  sourceId: number,
  limit: number,
): Promise<OutboxFailureRow[]> {
  const { rows } = await db.query<OutboxFailureRow>(
    `SELECT ${COLUMNS} FROM outbox_failure WHERE source_id = $1 ORDER BY first_at, ref LIMIT $2`,
    [sourceId, limit],
  );
  return rows;
}

/**
 * Writes down that rows were refused; one that was refused before counts up, and an operator's wish to try it is done with.
 *
 * @returns false: the source has another owner, nothing was written
 */
export async function recordOutboxFailures(
  db: Queryable,
  hold: SourceHold,
  failures: readonly NewOutboxFailure[],
): Promise<boolean> {
  const { rows } = await db.query<{ held: boolean }>(
    `WITH lease AS (
       SELECT source_id FROM outbox_progress WHERE source_id = $1 AND epoch = $2 FOR SHARE
     ), written AS (
       INSERT INTO outbox_failure AS f (source_id, ref, message_id, topic, key, code, detail)
       SELECT lease.source_id, x.* FROM lease,
         unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) AS x(ref, message_id, topic, key, code, detail)
       ON CONFLICT (source_id, ref) DO UPDATE
       SET code = excluded.code, detail = excluded.detail, attempts = f.attempts + 1, last_at = now(),
           wanted = nullif(f.wanted, 'retry')
     )
     SELECT EXISTS (SELECT FROM lease) AS held`,
    [
      hold.sourceId,
      hold.epoch.toString(),
      failures.map((f) => f.ref),
      failures.map((f) => f.messageId),
      failures.map((f) => f.topic),
      failures.map((f) => f.key),
      failures.map((f) => f.code),
      failures.map((f) => f.detail),
    ],
  );
  return rows[0]!.held;
}

/** Forgets refusals of rows that are gone from the source, or are no longer refused. */
export async function forgetOutboxFailures(
  db: Queryable,
  hold: SourceHold,
  refs: readonly string[],
): Promise<void> {
  await db.query(
    `DELETE FROM outbox_failure f USING outbox_progress p
     WHERE f.source_id = $1 AND p.source_id = $1 AND p.epoch = $2 AND f.ref = ANY($3)`,
    [hold.sourceId, hold.epoch.toString(), refs],
  );
}

/**
 * Asks the collector for something with refused rows, and wakes it. To try all of a source again leaves those alone that
 * somebody wants discarded: only who names such a row takes that back.
 *
 * @param wish `refs` null: all of the source
 * @returns the rows that are refused and asked for, of those named
 */
export async function wishForFailures(
  db: Queryable,
  sourceId: number,
  wish: { wanted: FailureWish; refs: readonly string[] | null; by: string },
): Promise<OutboxFailureRow[]> {
  const { rows } = await db.query<OutboxFailureRow>(
    `UPDATE outbox_failure SET wanted = $3, wanted_by = $4, wanted_at = now()
     WHERE source_id = $1 AND (ref = ANY($2) OR $2::text[] IS NULL AND ($3 = 'discard' OR wanted IS DISTINCT FROM 'discard'))
     RETURNING ${COLUMNS}`,
    [sourceId, wish.refs, wish.wanted, wish.by],
  );
  if (rows.length > 0) await db.query("SELECT pg_notify('surelay_collect', '')");
  return rows;
}
