import type { Queryable } from "../db.ts";
import type { OutboxSourceSpec } from "../domain/outbox-source.ts";
import type { Pause, PauseChange } from "./pauses.ts";

/** A declared source. */
export interface OutboxSourceRow extends OutboxSourceSpec {
  id: number;
  appId: number;
  pausedAt: Date | null;
  pausedBy: string | null;
  pauseReason: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Wakes every collector: a change holds within moments rather than at its next look. */
const WAKE = "SELECT pg_notify('surelay_collect', '')";

const COLUMNS = `s.id, s.name, app.name AS app, s.app_id AS "appId", s.kind, s.layout, s.connection, s.table_name AS "table",
  s.topic_pattern AS "topicPattern", s.order_column AS "orderColumn", s.paused_at AS "pausedAt", s.paused_by AS "pausedBy",
  s.pause_reason AS "pauseReason", s.created_at AS "createdAt", s.updated_at AS "updatedAt"`;

/** All sources by name. There are as many as somebody declared: dozens. */
export async function listOutboxSources(db: Queryable): Promise<OutboxSourceRow[]> {
  const { rows } = await db.query<OutboxSourceRow>(
    `SELECT ${COLUMNS} FROM outbox_source s JOIN app ON app.id = s.app_id ORDER BY s.name`,
  );
  return rows;
}

export async function findOutboxSource(db: Queryable, name: string): Promise<OutboxSourceRow | null> {
  const { rows } = await db.query<OutboxSourceRow>(
    `SELECT ${COLUMNS} FROM outbox_source s JOIN app ON app.id = s.app_id WHERE s.name = $1`,
    [name],
  );
  return rows[0] ?? null;
}

/** `no_app`: the app it names is not declared. `taken`: there is a source of this name. */
export type SourceInserted = "inserted" | "no_app" | "taken";

/** Declares a new source, with its progress at nothing. */
export async function insertOutboxSource(db: Queryable, spec: OutboxSourceSpec): Promise<SourceInserted> {
  const { rows } = await db.query<{ app: boolean; made: boolean }>(
    `WITH owner AS (SELECT id FROM app WHERE name = $2), made AS (
       INSERT INTO outbox_source (name, app_id, kind, layout, connection, table_name, topic_pattern, order_column)
       SELECT $1, owner.id, $3, $4, $5, $6, $7, $8 FROM owner
       ON CONFLICT (name) DO NOTHING RETURNING id
     ), progress AS (
       INSERT INTO outbox_progress (source_id) SELECT id FROM made
     ), wake AS (${WAKE} FROM made)
     SELECT EXISTS (SELECT FROM owner) AS app, EXISTS (SELECT FROM made) AS made, (SELECT count(*) FROM wake)`,
    valuesOf(spec),
  );
  if (rows[0]!.made) return "inserted";
  return rows[0]!.app ? "taken" : "no_app";
}

/** `stale`: there is no such source, or it is not as `seen` any more. */
export type SourceChanged = "changed" | "no_app" | "stale";

/**
 * Changes what a source declares. Its owner loses its lease with it, so that nobody goes on with the old declaration; rows
 * that were refused are judged anew.
 *
 * @param seen `updatedAt` of what the change was made from; null: whatever it is now
 */
export async function changeOutboxSource(
  db: Queryable,
  spec: OutboxSourceSpec,
  seen: Date | null,
): Promise<SourceChanged> {
  const { rows } = await db.query<{ app: boolean; changed: boolean }>(
    `WITH owner AS (SELECT id FROM app WHERE name = $2), changed AS (
       UPDATE outbox_source s
       SET app_id = owner.id, kind = $3, layout = $4, connection = $5, table_name = $6, topic_pattern = $7, order_column = $8,
           updated_at = greatest(clock_timestamp(), s.updated_at + interval '1 millisecond')
       FROM owner WHERE s.name = $1 AND ($9::timestamptz IS NULL OR s.updated_at = $9) RETURNING s.id
     ), fenced AS (
       UPDATE outbox_progress p
       SET epoch = p.epoch + 1, owner = NULL, expires_at = NULL, fault_code = NULL, fault_detail = NULL, fault_since = NULL
       FROM changed WHERE p.source_id = changed.id
     ), forgotten AS (
       DELETE FROM outbox_failure f USING changed WHERE f.source_id = changed.id
     ), wake AS (${WAKE} FROM changed)
     SELECT EXISTS (SELECT FROM owner) AS app, EXISTS (SELECT FROM changed) AS changed, (SELECT count(*) FROM wake)`,
    [...valuesOf(spec), seen],
  );
  if (rows[0]!.changed) return "changed";
  return rows[0]!.app ? "stale" : "no_app";
}

/** Forgets a source. Rows that wait in it stay there; what was collected stays collected. @returns false: no such source */
export async function removeOutboxSource(db: Queryable, name: string): Promise<boolean> {
  const { rows } = await db.query<{ removed: boolean }>(
    `WITH removed AS (DELETE FROM outbox_source WHERE name = $1 RETURNING id), wake AS (${WAKE} FROM removed)
     SELECT EXISTS (SELECT FROM removed) AS removed, (SELECT count(*) FROM wake)`,
    [name],
  );
  return rows[0]!.removed;
}

/**
 * Keeps a source's rows where they are, or (with null) lets them be collected again.
 *
 * @returns null: there is no such source
 */
export async function pauseOutboxSource(
  db: Queryable,
  name: string,
  pause: Pause | null,
): Promise<PauseChange | null> {
  const { rows } = await db.query<{ by: string | null; reason: string | null; changed: boolean }>(
    `WITH before AS (
       SELECT id, paused_by AS by, pause_reason AS reason FROM outbox_source WHERE name = $1 FOR UPDATE
     ), moved AS (
       UPDATE outbox_source s
       SET paused_at = CASE WHEN $2::text IS NULL THEN NULL ELSE now() END, paused_by = $2, pause_reason = $3
       FROM before WHERE s.id = before.id AND (before.by IS NULL) = ($2::text IS NOT NULL)
       RETURNING 1
     ), wake AS (${WAKE} FROM moved)
     SELECT before.by, before.reason, EXISTS (SELECT FROM moved) AS changed, (SELECT count(*) FROM wake) FROM before`,
    [name, pause?.by ?? null, pause?.reason ?? null],
  );
  const row = rows[0];
  if (!row) return null;
  return { changed: row.changed, before: row.by === null ? null : { by: row.by, reason: row.reason } };
}

function valuesOf(spec: OutboxSourceSpec): unknown[] {
  return [
    spec.name,
    spec.app,
    spec.kind,
    spec.layout,
    spec.connection,
    spec.table,
    spec.topicPattern,
    spec.orderColumn,
  ];
}
