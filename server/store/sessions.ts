import type { Queryable } from "../db.ts";

/** A signed-in browser. Its token never leaves the sign-in library. */
export interface SessionRow {
  id: string;
  ip: string | null;
  userAgent: string | null;
  startedAt: Date;
  /** To the minute. */
  lastSeenAt: Date;
  expiresAt: Date;
}

/** An operator's open sessions, the one used last first. */
export async function listSessions(db: Queryable, userId: string): Promise<SessionRow[]> {
  const { rows } = await db.query<SessionRow>(
    `SELECT id, nullif(ip_address, '') AS ip, nullif(user_agent, '') AS "userAgent", created_at AS "startedAt",
            last_seen_at AS "lastSeenAt", expires_at AS "expiresAt"
     FROM auth_session WHERE user_id = $1 AND expires_at > now() ORDER BY last_seen_at DESC, id LIMIT 200`,
    [userId],
  );
  return rows;
}

/** Ends one session of an operator. @returns it as it was; null: it is not this operator's, or has ended */
export async function deleteSession(
  db: Queryable,
  userId: string,
  sessionId: string,
): Promise<{ ip: string | null; userAgent: string | null } | null> {
  const { rows } = await db.query<{ ip: string | null; userAgent: string | null }>(
    `DELETE FROM auth_session WHERE user_id = $1 AND id = $2
     RETURNING nullif(ip_address, '') AS ip, nullif(user_agent, '') AS "userAgent"`,
    [userId, sessionId],
  );
  return rows[0] ?? null;
}

/** Ends an operator's sessions but one. @param except null: all of them @returns how many ended */
export async function deleteSessions(db: Queryable, userId: string, except: string | null): Promise<number> {
  const { rowCount } = await db.query(
    "DELETE FROM auth_session WHERE user_id = $1 AND id IS DISTINCT FROM $2",
    [userId, except],
  );
  return rowCount ?? 0;
}

/** Notes that a session's browser was heard of. Writes at most once a minute, whoever calls how often. */
export async function touchSession(db: Queryable, sessionId: string): Promise<void> {
  await db.query(
    "UPDATE auth_session SET last_seen_at = now() WHERE id = $1 AND last_seen_at < now() - interval '1 minute'",
    [sessionId],
  );
}
