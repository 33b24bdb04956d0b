import type { Queryable } from "../db.ts";

/** The provider's id of single sign-on in auth_account. */
export const OIDC_PROVIDER = "oidc";

/** `invited`: made for the identity provider, and nobody has come from there under this name yet. */
export type SignInKind = "password" | "oidc" | "invited";

/** An operator's account. */
export interface OperatorRow {
  id: string;
  username: string;
  name: string;
  /** Null: no access yet. */
  role: string | null;
  signIn: SignInKind;
  suspended: boolean;
  suspendedReason: string | null;
  /** Has a temporary password. */
  mustChangePassword: boolean;
  createdAt: Date;
  /** Sessions that have not ended. */
  sessions: number;
  /** Of the session used last; null: none is open. */
  lastSeenAt: Date | null;
  /** Null: never signed in. */
  lastSignInAt: Date | null;
}

const SELECT = `SELECT u.id, coalesce(u.username, u.name) AS username, u.name, u.role,
    CASE WHEN EXISTS (SELECT FROM auth_account a WHERE a.user_id = u.id AND a.provider_id = 'credential') THEN 'password'
         WHEN EXISTS (SELECT FROM auth_account a WHERE a.user_id = u.id AND a.provider_id = 'oidc') THEN 'oidc'
         ELSE 'invited' END AS "signIn",
    coalesce(u.banned, false) AS suspended, u.ban_reason AS "suspendedReason",
    u.must_change_password AS "mustChangePassword", u.created_at AS "createdAt",
    open.sessions, open.last_seen_at AS "lastSeenAt", entered.at AS "lastSignInAt"
  FROM auth_user u
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS sessions, max(last_seen_at) AS last_seen_at FROM auth_session s
    WHERE s.user_id = u.id AND s.expires_at > now()
  ) open
  LEFT JOIN LATERAL (
    SELECT at FROM audit_log l WHERE l.target_kind = 'user' AND l.target_id = u.id AND l.action = 'session.create'
    ORDER BY l.id DESC LIMIT 1
  ) entered ON true`;

/** Most accounts a list shows; an installation has some dozens. */
const MOST = 1000;

/** All operators by name. */
export async function listOperators(db: Queryable): Promise<OperatorRow[]> {
  return (await db.query<OperatorRow>(`${SELECT} ORDER BY u.username LIMIT ${MOST}`)).rows;
}

/** One operator; null: there is no such account. */
export async function findOperator(db: Queryable, id: string): Promise<OperatorRow | null> {
  return (await db.query<OperatorRow>(`${SELECT} WHERE u.id = $1`, [id])).rows[0] ?? null;
}

/**
 * Takes the lock under which accounts are changed, so that two admins cannot take away each other's role at once and
 * leave none. Held to the end of the transaction; accounts are changed by hand, a few times a day.
 */
export async function lockOperators(tx: Queryable): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(72707371)");
}

/** Admins who can sign in, besides one. */
export async function countOtherAdmins(db: Queryable, id: string): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM auth_user WHERE role = 'admin' AND NOT coalesce(banned, false) AND id <> $1",
    [id],
  );
  return rows[0]!.n;
}

/** Gives an operator a role; null takes all access away. */
export async function setRole(db: Queryable, id: string, role: string | null): Promise<void> {
  await db.query("UPDATE auth_user SET role = $2, updated_at = now() WHERE id = $1", [id, role]);
}

/** Suspends an operator and ends all sessions, in one statement. @returns how many sessions ended */
export async function suspendUser(db: Queryable, id: string, reason: string): Promise<number> {
  const { rows } = await db.query<{ ended: number }>(
    `WITH suspended AS (
       UPDATE auth_user SET banned = true, ban_reason = $2, updated_at = now() WHERE id = $1 RETURNING id
     ), ended AS (
       DELETE FROM auth_session WHERE user_id IN (SELECT id FROM suspended) RETURNING id
     )
     SELECT count(*)::int AS ended FROM ended`,
    [id, reason],
  );
  return rows[0]!.ended;
}

/** Lets a suspended operator in again. */
export async function liftSuspension(db: Queryable, id: string): Promise<void> {
  await db.query("UPDATE auth_user SET banned = false, ban_reason = NULL, updated_at = now() WHERE id = $1", [
    id,
  ]);
}

/** Removes an account with its sessions and credentials; what it did stays in the audit log under its name. */
export async function deleteUser(db: Queryable, id: string): Promise<void> {
  await db.query("DELETE FROM auth_user WHERE id = $1", [id]);
}
