import { randomUUID } from "node:crypto";
import type { Queryable } from "../db.ts";
import { OIDC_PROVIDER } from "./operators.ts";

/** The operator that an identity of the identity provider belongs to; null: none yet. */
export async function findIdentity(db: Queryable, accountId: string): Promise<string | null> {
  const { rows } = await db.query<{ userId: string }>(
    'SELECT user_id AS "userId" FROM auth_account WHERE provider_id = $1 AND account_id = $2',
    [OIDC_PROVIDER, accountId],
  );
  return rows[0]?.userId ?? null;
}

/** Joins an identity to an operator. None of the provider's tokens is kept. */
export async function insertIdentity(db: Queryable, userId: string, accountId: string): Promise<void> {
  await db.query("INSERT INTO auth_account (id, account_id, provider_id, user_id) VALUES ($1, $2, $3, $4)", [
    randomUUID(),
    accountId,
    OIDC_PROVIDER,
    userId,
  ]);
}
