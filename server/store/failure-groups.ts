import type { Queryable } from "../db.ts";

/** Failures that have one cause, as far as their text tells. */
export interface FailureGroupRow {
  /** A 64-bit number in digits. */
  id: string;
  subscriptionId: number;
  subscription: string;
  subscriptionRemoved: boolean;
  topic: string;
  /** Whose subscription it is; null: nobody's in particular. */
  app: string | null;
  fingerprint: string;
  errorType: string;
  pattern: string;
  /** The latest message as it was. */
  sample: string;
  firstAt: Date;
  lastAt: Date;
  /** Ever. */
  failures: number;
  /** In the last hour. */
  lastHour: number;
  /** In the last whole minute, and since the beginning of the present one. */
  lastMinute: number;
  thisMinute: number;
  note: string | null;
  notedBy: string | null;
  ignoredAt: Date | null;
  ignoredBy: string | null;
  /** Ignored for as long as no more than this many fail in a minute; null: for good. */
  ignoreUntilPerMinute: number | null;
  /** Ignored, and its rate is not beyond what was said. */
  ignored: boolean;
}

/** How many minutes back a rate may wake an ignored group: it stays awake for an hour after it. */
const LOUD = `EXISTS (SELECT FROM failure_flow f WHERE f.group_id = g.id AND f.failures > g.ignore_until_per_minute
  AND f.minute >= greatest(g.ignored_at, now() - interval '1 hour'))`;

const ROW = `g.id::text, g.subscription_id AS "subscriptionId", x.name AS subscription, x.removed_at IS NOT NULL AS "subscriptionRemoved",
  t.name AS topic, app.name AS app, g.fingerprint, g.error_type AS "errorType", g.pattern, g.sample,
  g.first_at AS "firstAt", g.last_at AS "lastAt", g.failures::float8 AS failures, r.last_hour AS "lastHour",
  r.last_minute AS "lastMinute", r.this_minute AS "thisMinute", g.note, g.noted_by AS "notedBy",
  g.ignored_at AS "ignoredAt", g.ignored_by AS "ignoredBy", g.ignore_until_per_minute AS "ignoreUntilPerMinute",
  g.ignored_at IS NOT NULL AND NOT ${LOUD} AS ignored`;

const AROUND = `JOIN subscription x ON x.id = g.subscription_id JOIN topic t ON t.id = x.topic_id LEFT JOIN app ON app.id = x.app_id
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(f.failures), 0)::float8 AS last_hour,
           coalesce(sum(f.failures) FILTER (WHERE f.minute = present.minute - interval '1 minute'), 0)::float8 AS last_minute,
           coalesce(sum(f.failures) FILTER (WHERE f.minute = present.minute), 0)::float8 AS this_minute
    FROM (SELECT date_bin('1 minute', now(), timestamptz 'epoch') AS minute) present
    JOIN failure_flow f ON f.group_id = g.id AND f.minute > present.minute - interval '1 hour') r`;

export interface FailureGroupQuery {
  /** Null: of every one. */
  subscriptionIds: readonly number[] | null;
  /** Null: of any. */
  errorType: string | null;
  /** Only groups that failed at this moment or later. */
  since: Date | null;
  /** Ignored groups are left out. */
  hideIgnored: boolean;
  limit: number;
}

/** Groups, those that failed last first. There are as many as there are causes: hundreds, not millions. */
export async function listFailureGroups(db: Queryable, query: FailureGroupQuery): Promise<FailureGroupRow[]> {
  const { rows } = await db.query<FailureGroupRow>(
    `SELECT ${ROW} FROM failure_group g ${AROUND}
     WHERE ($1::int[] IS NULL OR g.subscription_id = ANY($1)) AND ($2::text IS NULL OR g.error_type = $2)
       AND ($3::timestamptz IS NULL OR g.last_at >= $3) AND (NOT $4::boolean OR g.ignored_at IS NULL OR ${LOUD})
     ORDER BY g.last_at DESC, g.id DESC LIMIT $5`,
    [query.subscriptionIds, query.errorType, query.since, query.hideIgnored, query.limit],
  );
  return rows;
}

export async function readFailureGroup(db: Queryable, id: string): Promise<FailureGroupRow | null> {
  const { rows } = await db.query<FailureGroupRow>(
    `SELECT ${ROW} FROM failure_group g ${AROUND} WHERE g.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Failures in one stretch of time. */
export interface FailurePoint {
  at: Date;
  failures: number;
}

/** Of each group the last `minutes` minutes in stretches of `stepMinutes`, oldest first, without gaps. */
export async function readFailureSeries(
  db: Queryable,
  ids: readonly string[],
  span: { minutes: number; stepMinutes: number },
): Promise<Map<string, FailurePoint[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; at: Date; failures: number }>(
    `WITH span AS (
       SELECT date_bin($3 * interval '1 minute', now(), timestamptz 'epoch') AS last,
              date_bin($3 * interval '1 minute', now() - ($2 - $3) * interval '1 minute', timestamptz 'epoch') AS first
     ), seen AS (
       SELECT group_id, date_bin($3 * interval '1 minute', minute, timestamptz 'epoch') AS at, sum(failures)::float8 AS failures
       FROM failure_flow WHERE group_id = ANY($1::bigint[]) AND minute >= (SELECT first FROM span) GROUP BY 1, 2
     )
     SELECT asked.id::text AS id, stretch.at, coalesce(seen.failures, 0) AS failures
     FROM span CROSS JOIN unnest($1::bigint[]) AS asked(id)
     CROSS JOIN LATERAL generate_series(span.first, span.last, $3 * interval '1 minute') AS stretch(at)
     LEFT JOIN seen ON seen.group_id = asked.id AND seen.at = stretch.at ORDER BY 1, 2`,
    [ids, span.minutes, span.stepMinutes],
  );
  const series = new Map<string, FailurePoint[]>(ids.map((id) => [id, []]));
  for (const { id, at, failures } of rows) series.get(id)?.push({ at, failures });
  return series;
}

/** @returns what stood before; null: there is no such group */
export async function noteFailureGroup(
  db: Queryable,
  id: string,
  note: { text: string | null; by: string },
): Promise<{ note: string | null } | null> {
  const { rows } = await db.query<{ note: string | null }>(
    `WITH before AS (SELECT id, note FROM failure_group WHERE id = $1 FOR UPDATE)
     UPDATE failure_group g SET note = $2, noted_by = CASE WHEN $2::text IS NULL THEN NULL ELSE $3 END
     FROM before WHERE g.id = before.id RETURNING before.note`,
    [id, note.text, note.by],
  );
  return rows[0] ?? null;
}

export interface Ignoring {
  by: string | null;
  untilPerMinute: number | null;
}

/** @param ignoring null: it counts again. @returns what stood before; null: there is no such group */
export async function ignoreFailureGroup(
  db: Queryable,
  id: string,
  ignoring: { by: string; untilPerMinute: number | null } | null,
): Promise<Ignoring | null> {
  const { rows } = await db.query<Ignoring>(
    `WITH before AS (SELECT id, ignored_by, ignore_until_per_minute FROM failure_group WHERE id = $1 FOR UPDATE)
     UPDATE failure_group g
     SET ignored_at = CASE WHEN $2::text IS NULL THEN NULL ELSE now() END, ignored_by = $2, ignore_until_per_minute = $3
     FROM before WHERE g.id = before.id
     RETURNING before.ignored_by AS by, before.ignore_until_per_minute AS "untilPerMinute"`,
    [id, ignoring?.by ?? null, ignoring?.untilPerMinute ?? null],
  );
  return rows[0] ?? null;
}
