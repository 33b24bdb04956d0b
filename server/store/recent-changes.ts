import type { Queryable } from "../db.ts";

/** An operator's action, without what it changed. */
export interface RecentAction {
  at: Date;
  actor: string;
  action: string;
  targetKind: string;
  /** An operator by name, anything else by its id. */
  target: string;
  reason: string | null;
}

/** The newest entries of the audit log, newest first; signing in and out changes nothing and is left out. @param hours no older than this */
export async function recentActions(db: Queryable, limit: number, hours: number): Promise<RecentAction[]> {
  const { rows } = await db.query<RecentAction>(
    `SELECT at, actor_name AS actor, action, target_kind AS "targetKind",
            coalesce(auth_user.username, target_id) AS "target", reason
     FROM audit_log LEFT JOIN auth_user ON target_kind = 'user' AND auth_user.id = target_id
     WHERE at > now() - $2 * interval '1 hour' AND action NOT LIKE 'session.%'
     ORDER BY at DESC, audit_log.id DESC LIMIT $1`,
    [limit, hours],
  );
  return rows;
}
