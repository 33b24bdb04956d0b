import { randomUUID } from "node:crypto";
import type { Queryable } from "../db.ts";

export interface NewUser {
  /** Normalised. */
  username: string;
  /** Shown name. */
  name: string;
  role: string;
  /** As server/auth/hash-password makes it. */
  passwordHash: string;
}

/**
 * Stores an operator with a password, user and credential in one statement. The e-mail column, which sign-in by name
 * does not use but its library requires, gets an address under `.invalid`, where nothing can ever be delivered.
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
       INSERT INTO auth_user (id, name, email, username, display_username, role)
       SELECT $1, $2, $3, $4, $4, $5 WHERE NOT $6::boolean OR NOT EXISTS (SELECT FROM auth_user)
       ON CONFLICT DO NOTHING
       RETURNING id
     )
     INSERT INTO auth_account (id, account_id, provider_id, user_id, password)
     SELECT $7, stored.id, 'credential', stored.id, $8 FROM stored
     RETURNING user_id AS "userId"`,
    [
      randomUUID(),
      user.name,
      `${user.username}@operator.invalid`,
      user.username,
      user.role,
      options.onlyFirst ?? false,
      randomUUID(),
      user.passwordHash,
    ],
  );
  return rows[0]?.userId ?? null;
}

/** Replaces an operator's password and ends all of that operator's sessions. @returns the user's id; null: no such name */
export async function replacePassword(
  db: Queryable,
  username: string,
  passwordHash: string,
): Promise<string | null> {
  const { rows } = await db.query<{ userId: string }>(
    `WITH changed AS (
       UPDATE auth_account a SET password = $2, updated_at = now() FROM auth_user u
       WHERE u.username = $1 AND a.user_id = u.id AND a.provider_id = 'credential'
       RETURNING a.user_id
     ), ended AS (
       DELETE FROM auth_session WHERE user_id IN (SELECT user_id FROM changed)
     )
     SELECT user_id AS "userId" FROM changed`,
    [username, passwordHash],
  );
  return rows[0]?.userId ?? null;
}
