import { randomUUID } from "node:crypto";
import type { Queryable } from "../db.ts";

export interface NewUser {
  /** Normalised. */
  username: string;
  /** Shown name. */
  name: string;
  /** Null: no access yet. */
  role: string | null;
  /** As server/auth/hash-password makes it; null: signs in by the identity provider alone. */
  passwordHash: string | null;
  /** The password is a temporary one: it opens nothing until its owner has replaced it. */
  mustChangePassword?: boolean;
}

/**
 * Stores an operator, user and credential in one statement. The e-mail column, which sign-in by name does not use but
 * its library requires, gets an address under `.invalid`, where nothing can ever be delivered.
 *
 * @param options.onlyFirst store only if there is no operator at all
 * @returns the user's id; null when the name is taken, or with `onlyFirst` when there is an operator already
 */
export async function insertUser(
  db: Queryable,
  user: NewUser,
  options: { onlyFirst?: boolean } = {},
): Promise<string | null> {
  const { rows } = await db.query<{ userId: string }>(
    `WITH stored AS (
       INSERT INTO auth_user (id, name, email, username, display_username, role, must_change_password)
       SELECT $1, $2, $3, $4, $4, $5, $9 WHERE NOT $6::boolean OR NOT EXISTS (SELECT FROM auth_user)
       ON CONFLICT DO NOTHING
       RETURNING id
     ), credential AS (
       INSERT INTO auth_account (id, account_id, provider_id, user_id, password)
       SELECT $7, stored.id, 'credential', stored.id, $8 FROM stored WHERE $8::text IS NOT NULL
     )
     SELECT id AS "userId" FROM stored`,
    [
      randomUUID(),
      user.name,
      `${user.username}@operator.invalid`,
      user.username,
      user.role,
      options.onlyFirst ?? false,
      randomUUID(),
      user.passwordHash,
      user.mustChangePassword ?? false,
    ],
  );
  return rows[0]?.userId ?? null;
}

export interface NewPassword {
  userId: string;
  passwordHash: string;
  /** See NewUser. */
  mustChangePassword: boolean;
  /** A session that goes on; all others of the operator end. */
  exceptSession: string | null;
}

/** Replaces an operator's password and ends the operator's sessions. @returns ended sessions; null: has no password */
export async function replacePassword(db: Queryable, input: NewPassword): Promise<number | null> {
  const { rows } = await db.query<{ changed: boolean; ended: number }>(
    `WITH changed AS (
       UPDATE auth_account SET password = $2, updated_at = now()
       WHERE user_id = $1 AND provider_id = 'credential'
       RETURNING user_id
     ), marked AS (
       UPDATE auth_user SET must_change_password = $3, updated_at = now() WHERE id IN (SELECT user_id FROM changed)
     ), ended AS (
       DELETE FROM auth_session WHERE user_id IN (SELECT user_id FROM changed) AND id IS DISTINCT FROM $4 RETURNING id
     )
     SELECT EXISTS (SELECT FROM changed) AS changed, (SELECT count(*) FROM ended)::int AS ended`,
    [input.userId, input.passwordHash, input.mustChangePassword, input.exceptSession],
  );
  return rows[0]!.changed ? rows[0]!.ended : null;
}

/** The stored hash of an operator's password; null: signs in without one. */
export async function readPasswordHash(db: Queryable, userId: string): Promise<string | null> {
  const { rows } = await db.query<{ password: string | null }>(
    "SELECT password FROM auth_account WHERE user_id = $1 AND provider_id = 'credential'",
    [userId],
  );
  return rows[0]?.password ?? null;
}

/** The id of the operator of a normalised name; null: there is none. */
export async function findUserId(db: Queryable, username: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>("SELECT id FROM auth_user WHERE username = $1", [username]);
  return rows[0]?.id ?? null;
}
