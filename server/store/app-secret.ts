import type { Queryable } from "../db.ts";
import { SECRET_OVERLAP } from "./check-apps.ts";

/** Which signing secret of an app counts. The secret itself is derived from it, see server/auth/signing-secret.ts. */
export interface AppSecret {
  appId: number;
  name: string;
  version: number;
  rotatedAt: Date | null;
  /** Until when requests carry the signature of the secret before it, too; null: they do not. */
  overlapsUntil: Date | null;
}

const ROW = `id AS "appId", name, secret_version AS version, secret_rotated_at AS "rotatedAt",
  CASE WHEN secret_rotated_at > now() - ${SECRET_OVERLAP} THEN secret_rotated_at + ${SECRET_OVERLAP} END AS "overlapsUntil"`;

/** @returns null: there is no such app */
export async function readAppSecret(db: Queryable, name: string): Promise<AppSecret | null> {
  return (await db.query<AppSecret>(`SELECT ${ROW} FROM app WHERE name = $1`, [name])).rows[0] ?? null;
}

/**
 * Raises the version, if it still is the one that was seen: of two who rotate at once, one does.
 *
 * @returns null: there is no such app, or its secret was changed meanwhile
 */
export async function raiseSecretVersion(
  db: Queryable,
  name: string,
  seen: number,
): Promise<AppSecret | null> {
  const { rows } = await db.query<AppSecret>(
    `UPDATE app SET secret_version = secret_version + 1, secret_rotated_at = now()
     WHERE name = $1 AND secret_version = $2 RETURNING ${ROW}`,
    [name, seen],
  );
  return rows[0] ?? null;
}
