import type { Queryable } from "../db.ts";
import { SECRET_OVERLAP } from "./check-apps.ts";

/** Which signing secret counts. The secret itself is derived from it, see server/auth/signing-secret.ts. */
export interface SecretRow {
  version: number;
  rotatedAt: Date | null;
  /** Until when requests carry the signature of the secret before it, too; null: they do not. */
  overlapsUntil: Date | null;
}

/** Whose row holds the version. */
export type SecretRowOf = { app: string } | { topic: string; subscription: string };

const ROW = `r.secret_version AS version, r.secret_rotated_at AS "rotatedAt",
  CASE WHEN r.secret_rotated_at > now() - ${SECRET_OVERLAP} THEN r.secret_rotated_at + ${SECRET_OVERLAP} END AS "overlapsUntil"`;
const WEBHOOK = `r.ack = 'webhook' AND r.removed_at IS NULL AND r.name = $2
  AND r.topic_id = (SELECT id FROM topic WHERE name = $1)`;

/** @returns null: there is no such app or webhook subscription */
export async function readSecretRow(db: Queryable, of: SecretRowOf): Promise<SecretRow | null> {
  const { rows } =
    "app" in of
      ? await db.query<SecretRow>(`SELECT ${ROW} FROM app r WHERE r.name = $1`, [of.app])
      : await db.query<SecretRow>(`SELECT ${ROW} FROM subscription r WHERE ${WEBHOOK}`, [
          of.topic,
          of.subscription,
        ]);
  return rows[0] ?? null;
}

const RAISE = "SET secret_version = r.secret_version + 1, secret_rotated_at = now()";

/**
 * Raises the version, if it still is the one that was seen: of two who rotate at once, one does.
 *
 * @returns null: there is none such, or its secret was changed meanwhile
 */
export async function raiseSecretVersion(
  db: Queryable,
  of: SecretRowOf,
  seen: number,
): Promise<SecretRow | null> {
  const { rows } =
    "app" in of
      ? await db.query<SecretRow>(
          `UPDATE app r ${RAISE} WHERE r.name = $1 AND r.secret_version = $2 RETURNING ${ROW}`,
          [of.app, seen],
        )
      : await db.query<SecretRow>(
          `UPDATE subscription r ${RAISE} WHERE ${WEBHOOK} AND r.secret_version = $3 RETURNING ${ROW}`,
          [of.topic, of.subscription, seen],
        );
  return rows[0] ?? null;
}
