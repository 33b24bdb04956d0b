import type { Queryable } from "../db.ts";

export type Scope = "produce" | "consume";

export interface NewApiKey {
  /** The public part of the key. */
  id: string;
  appId: number;
  /** SHA-256 of the secret part, 32 bytes. */
  hash: Buffer;
  scopes: readonly Scope[];
  ratePerSecond: number | null;
  note: string | null;
  createdBy: string | null;
}

export async function insertApiKey(db: Queryable, key: NewApiKey): Promise<void> {
  await db.query(
    `INSERT INTO api_key (id, app_id, hash, scopes, rate_per_second, note, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [key.id, key.appId, key.hash, key.scopes, key.ratePerSecond, key.note, key.createdBy],
  );
}

/** What authentication needs of a key and its app; revoked keys included, so that the reason is known. */
export interface ApiKeyForAuth {
  id: string;
  appId: number;
  appName: string;
  checkAfterSeconds: number | null;
  hash: Buffer;
  scopes: Scope[];
  ratePerSecond: number | null;
  revokedAt: Date | null;
}

export async function findApiKey(db: Queryable, id: string): Promise<ApiKeyForAuth | null> {
  const { rows } = await db.query<ApiKeyForAuth>({
    name: "find-api-key",
    text: `SELECT k.id, k.app_id AS "appId", app.name AS "appName", app.check_after_seconds AS "checkAfterSeconds", k.hash,
                  k.scopes, k.rate_per_second AS "ratePerSecond", k.revoked_at AS "revokedAt"
           FROM api_key k JOIN app ON app.id = k.app_id WHERE k.id = $1`,
    values: [id],
  });
  return rows[0] ?? null;
}

export interface ApiKeyRow {
  id: string;
  app: string;
  scopes: Scope[];
  ratePerSecond: number | null;
  note: string | null;
  createdAt: Date;
  createdBy: string | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/** Keys of one app, or of all with null; newest first. Hashes stay in the database. */
export async function listApiKeys(db: Queryable, appId: number | null): Promise<ApiKeyRow[]> {
  const { rows } = await db.query<ApiKeyRow>(
    `SELECT k.id, app.name AS app, k.scopes, k.rate_per_second AS "ratePerSecond", k.note, k.created_at AS "createdAt",
            k.created_by AS "createdBy", k.last_used_at AS "lastUsedAt", k.revoked_at AS "revokedAt"
     FROM api_key k JOIN app ON app.id = k.app_id WHERE $1::int IS NULL OR k.app_id = $1 ORDER BY k.created_at DESC, k.id`,
    [appId],
  );
  return rows;
}

/** Ends a key for good. @returns false: there is no such key, or it was revoked before */
export async function revokeApiKey(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    "UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL",
    [id],
  );
  return rowCount === 1;
}

/** Notes that keys were used just now. */
export async function touchApiKeys(db: Queryable, ids: readonly string[]): Promise<void> {
  await db.query("UPDATE api_key SET last_used_at = now() WHERE id = ANY($1::text[])", [ids]);
}
