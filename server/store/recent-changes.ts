import type { Queryable } from "../db.ts";

/** An operator's action, without what it changed. */
export interface RecentAction {
  at: Date;
  actor: string;
  action: string;
  targetKind: string;
  targetId: string;
  reason: string | null;
}

/** The newest entries of the audit log, newest first. @param hours no older than this */
export async function recentActions(db: Queryable, limit: number, hours: number): Promise<RecentAction[]> {
  const { rows } = await db.query<RecentAction>(
    `SELECT at, actor_name AS actor, action, target_kind AS "targetKind", target_id AS "targetId", reason
     FROM audit_log WHERE at > now() - $2 * interval '1 hour' ORDER BY at DESC, id DESC LIMIT $1`,
    [limit, hours],
  );
  return rows;
}
