import type { Queryable } from "../../db.ts";
import { type ApiKeyRow, listApiKeys as list } from "../../store/api-keys.ts";

/** Keys of all apps, newest first, revoked ones too. What opens anything stays in the database. */
export function listApiKeys(db: Queryable): Promise<ApiKeyRow[]> {
  return list(db, null);
}
