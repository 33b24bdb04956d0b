import type { Queryable } from "../db.ts";

/** What to look for; null: anything. Parts are joined by "and". */
export interface AuditFilter {
  /** Exact name of who did it. */
  actor: string | null;
  /** Exact, such as `message.resend`. */
  action: string | null;
  targetKind: string | null;
  targetId: string | null;
  /** Not older than this by the database's clock. */
  withinSeconds: number | null;
  /** At or after. */
  from: Date | null;
  /** Before. */
  to: Date | null;
  /** In any case, anywhere in reason, target, action, name, address or what changed. */
  text: string | null;
}

/** One line of the log. */
export interface AuditLine {
  /** A 64-bit number in digits; larger is later. */
  id: string;
  at: Date;
  /** Null: the command line, or the service itself. */
  actorId: string | null;
  actorName: string;
  action: string;
  targetKind: string;
  targetId: string;
  /** How people call the target, where its id says nothing: an operator's name. */
  targetLabel: string | null;
  reason: string | null;
  ip: string | null;
}

/** With what a list leaves out. */
export interface AuditDetail extends AuditLine {
  before: unknown;
  after: unknown;
  userAgent: string | null;
}

/** A text is looked for in at most this many lines at a time; the caller goes on from `scannedTo`. */
export const SCAN_LINES = 20_000;

const LINE = `l.id::text, l.at, l.actor_id AS "actorId", l.actor_name AS "actorName", l.action,
  l.target_kind AS "targetKind", l.target_id AS "targetId",
  CASE WHEN l.target_kind = 'user' THEN coalesce(u.username, l.after->>'username', l.before->>'username') END
    AS "targetLabel", l.reason, l.ip`;
const DETAIL = `${LINE}, l.before, l.after, l.user_agent AS "userAgent"`;

export interface AuditRead {
  filter: AuditFilter;
  /** Lines older than this one; null: from the newest. */
  before: string | null;
  limit: number;
}

export interface AuditPage<Line> {
  lines: Line[];
  /** Null: the end is reached; else where to go on, though there may be nothing more. */
  next: string | null;
  /** How far back a text was looked for when the page is not full but the log goes on; null: no such bound was met. */
  scannedTo: Date | null;
}

/** A page of lines, newest first. */
export async function listAuditLines(db: Queryable, read: AuditRead): Promise<AuditPage<AuditLine>> {
  return readPage<AuditLine>(db, LINE, read);
}

/** A page of lines with all they hold. */
export async function listAuditDetails(db: Queryable, read: AuditRead): Promise<AuditPage<AuditDetail>> {
  return readPage<AuditDetail>(db, DETAIL, read);
}

/** The newest line's id, "0" while there is none: what an export goes back from, so that later lines do not move it. */
export async function newestAuditId(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ id: string }>("SELECT coalesce(max(id), 0)::text AS id FROM audit_log");
  return rows[0]!.id;
}

/** One line; null: there is none of this id. */
export async function findAuditLine(db: Queryable, id: string): Promise<AuditDetail | null> {
  const { rows } = await db.query<AuditDetail>(
    `SELECT ${DETAIL} FROM audit_log l LEFT JOIN auth_user u ON u.id = l.target_id WHERE l.id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

async function readPage<Line extends AuditLine>(
  db: Queryable,
  columns: string,
  { filter, before, limit }: AuditRead,
): Promise<AuditPage<Line>> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = conditions(filter, before, bind);
  const within =
    filter.text === null
      ? "audit_log l"
      : `(SELECT * FROM audit_log l ${where} ORDER BY l.id DESC LIMIT ${SCAN_LINES}) l`;
  const { rows } = await db.query<Line>(
    `SELECT ${columns} FROM ${within} LEFT JOIN auth_user u ON u.id = l.target_id AND l.target_kind = 'user'
     ${filter.text === null ? where : `WHERE ${holdsText(bind(`%${likeText(filter.text)}%`))}`}
     ORDER BY l.id DESC LIMIT ${bind(limit + 1)}`,
    values,
  );
  if (rows.length > limit) return { lines: rows.slice(0, limit), next: rows[limit - 1]!.id, scannedTo: null };
  if (filter.text === null) return { lines: rows, next: null, scannedTo: null };
  const edge = await lastScanned(db, filter, before);
  return { lines: rows, next: edge?.id ?? null, scannedTo: edge?.at ?? null };
}

/** The line where looking for a text stopped; null: it went to the end. */
async function lastScanned(
  db: Queryable,
  filter: AuditFilter,
  before: string | null,
): Promise<{ id: string; at: Date } | null> {
  const values: unknown[] = [];
  const where = conditions(filter, before, (value) => `$${values.push(value)}`);
  const { rows } = await db.query<{ id: string; at: Date }>(
    `SELECT l.id::text, l.at FROM audit_log l ${where} ORDER BY l.id DESC OFFSET ${SCAN_LINES - 1} LIMIT 1`,
    values,
  );
  return rows[0] ?? null;
}

function conditions(filter: AuditFilter, before: string | null, bind: (value: unknown) => string): string {
  const all: string[] = [];
  const add = (value: unknown, condition: (bound: string) => string) => {
    if (value !== null) all.push(condition(bind(value)));
  };
  add(before, (id) => `l.id < ${id}`);
  add(filter.actor, (name) => `l.actor_name = ${name}`);
  add(filter.action, (action) => `l.action = ${action}`);
  add(filter.targetKind, (kind) => `l.target_kind = ${kind}`);
  add(filter.targetId, (id) => `l.target_id = ${id}`);
  add(filter.withinSeconds, (seconds) => `l.at >= now() - make_interval(secs => ${seconds})`);
  add(filter.from, (from) => `l.at >= ${from}`);
  add(filter.to, (to) => `l.at < ${to}`);
  return all.length === 0 ? "" : `WHERE ${all.join(" AND ")}`;
}

function holdsText(bound: string): string {
  const places = ["l.reason", "l.target_id", "u.username", "l.action", "l.actor_name", "l.ip"];
  return [...places, "l.before::text", "l.after::text"]
    .map((place) => `${place} ILIKE ${bound}`)
    .join(" OR ");
}

function likeText(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}

/** Every name and every action that occurs, by jumping from one to the next in their indexes, however long the log is. */
export async function listAuditFacets(
  db: Queryable,
): Promise<{ actors: string[]; actions: string[]; targetKinds: string[] }> {
  const [actors, actions, targetKinds] = await Promise.all(
    ["actor_name", "action", "target_kind"].map((column) => distinct(db, column)),
  );
  return { actors: actors!, actions: actions!, targetKinds: targetKinds! };
}

async function distinct(db: Queryable, column: string): Promise<string[]> {
  const { rows } = await db.query<{ value: string }>(
    `WITH RECURSIVE jump AS (
       (SELECT ${column} AS value FROM audit_log ORDER BY ${column} LIMIT 1)
       UNION ALL
       SELECT (SELECT ${column} FROM audit_log WHERE ${column} > jump.value ORDER BY ${column} LIMIT 1)
       FROM jump WHERE jump.value IS NOT NULL
     )
     SELECT value FROM jump WHERE value IS NOT NULL LIMIT 500`,
  );
  return rows.map(({ value }) => value);
}
