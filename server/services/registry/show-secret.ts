import { deriveSecret, type SecretOf } from "../../auth/signing-secret.ts";
import { inTransaction, type Pool } from "../../db.ts";
import { appendAudit, type AuditBy } from "../../store/audit.ts";
import { readSecretRow, type SecretRow } from "../../store/secret-rows.ts";
import { requireSigningSecret } from "../check-back/signing-master.ts";
import { noSuchTarget, secretTarget } from "./secret-target.ts";

export interface ShownSecret extends SecretRow {
  /** `whsec_…`: what the receiver verifies signatures with. */
  secret: string;
}

/**
 * Shows the signing secret of an app or of a webhook subscription. Each look leaves an entry in the audit log; the secret
 * itself is in no database.
 *
 * @param asked.master SURELAY_SIGNING_SECRET
 * @throws SurelayError `not_found` | `unavailable` (no signing secret)
 */
export function showSecret(
  db: Pool,
  { master: given, ...of }: SecretOf & { master: string | undefined },
  by: AuditBy & { reason?: string },
): Promise<ShownSecret> {
  const master = requireSigningSecret(given);
  return inTransaction(db, async (tx) => {
    const row = await readSecretRow(tx, of);
    if (!row) throw noSuchTarget(of);
    const target = secretTarget(of);
    await appendAudit(tx, {
      ...by,
      ...target,
      action: `${target.targetKind}.show_secret`,
      after: { version: row.version },
    });
    return { ...row, secret: deriveSecret(master, of, row.version) };
  });
}
