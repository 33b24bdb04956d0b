import type { Queryable } from "../db.ts";

export interface AuditEntry {
  /** The operator's user id; null for the command line. */
  actorId: string | null;
  /** Shown name: a user name, or `cli:<system user>`. */
  actorName: string;
  /** `<target>.<verb>`, such as `api_key.create`. */
  action: string;
  targetKind: string;
  targetId: string;
  before?: unknown;
  after?: unknown;
  reason?: string;
  ip?: string;
  userAgent?: string;
}

/** Who did it and from where. For the command line `{ actorId: null, actorName: "cli:<system user>" }`. */
export type AuditBy = Pick<AuditEntry, "actorId" | "actorName" | "ip" | "userAgent">;

/** Appends to the audit log; call it in the transaction of the change itself, so that neither stands without the other. */
export async function appendAudit(db: Queryable, entry: AuditEntry): Promise<void> {
  await db.query(
    `INSERT INTO audit_log (actor_id, actor_name, action, target_kind, target_id, before, after, reason, ip, user_agent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      entry.actorId,
      entry.actorName,
      entry.action,
      entry.targetKind,
      entry.targetId,
      entry.before === undefined ? null : JSON.stringify(entry.before),
      entry.after === undefined ? null : JSON.stringify(entry.after),
      entry.reason ?? null,
      entry.ip ?? null,
      entry.userAgent ?? null,
    ],
  );
}

/** As `appendAudit`, for what was done to many at once: an entry each, in their order. */
export async function appendAudits(db: Queryable, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db.query(
    `INSERT INTO audit_log (actor_id, actor_name, action, target_kind, target_id, before, after, reason, ip, user_agent)
     SELECT e.actor_id, e.actor_name, e.action, e.target_kind, e.target_id, e.before, e.after, e.reason, e.ip, e.user_agent
     FROM ROWS FROM (json_to_recordset($1) AS (actor_id text, actor_name text, action text, target_kind text, target_id text,
       before jsonb, after jsonb, reason text, ip text, user_agent text)) WITH ORDINALITY AS
       e(actor_id, actor_name, action, target_kind, target_id, before, after, reason, ip, user_agent, n)
     ORDER BY e.n`,
    [
      JSON.stringify(
        entries.map((e) => ({
          actor_id: e.actorId,
          actor_name: e.actorName,
          action: e.action,
          target_kind: e.targetKind,
          target_id: e.targetId,
          before: e.before,
          after: e.after,
          reason: e.reason,
          ip: e.ip,
          user_agent: e.userAgent,
        })),
      ),
    ],
  );
}

/** Whether somebody has such an entry of the last seconds: for what is written once, however often it is repeated. */
export async function hasRecentAudit(
  db: Queryable,
  entry: Pick<AuditEntry, "actorId" | "action" | "targetKind" | "targetId">,
  seconds: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT FROM audit_log WHERE target_kind = $1 AND target_id = $2 AND actor_id = $3 AND action = $4
       AND at > now() - make_interval(secs => $5) LIMIT 1`,
    [entry.targetKind, entry.targetId, entry.actorId, entry.action, seconds],
  );
  return rowCount === 1;
}
