import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { findApiKey, revokeApiKey as endApiKey } from "../../store/api-keys.ts";
import { appendAudit } from "../../store/audit.ts";
import type { AuditOrigin } from "../console/audit-origin.ts";

export interface RevokeApiKey {
  id: string;
  /** Shown name of who does it. */
  revokedBy: string;
  actorId?: string | null;
  reason?: string;
  /** Where an operator's request came from; absent for the command line. */
  from?: AuditOrigin;
}

/**
 * Ends a key for good. API processes may accept it for SURELAY_KEY_CACHE_SECONDS more.
 *
 * @returns false: it was revoked before
 * @throws SurelayError `not_found`
 */
export async function revokeApiKey(db: Pool, input: RevokeApiKey): Promise<boolean> {
  return await inTransaction(db, async (tx) => {
    const key = await findApiKey(tx, input.id);
    if (!key) throw new SurelayError("not_found", `There is no API key ${JSON.stringify(input.id)}.`);
    if (!(await endApiKey(tx, input.id))) return false;
    await appendAudit(tx, {
      actorId: input.actorId ?? null,
      actorName: input.revokedBy,
      action: "api_key.revoke",
      targetKind: "api_key",
      targetId: input.id,
      before: { app: key.appName, scopes: key.scopes },
      reason: input.reason,
      ...input.from,
    });
    return true;
  });
}
