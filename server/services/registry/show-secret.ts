import { signingSecret } from "../../auth/signing-secret.ts";
import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { readAppSecret } from "../../store/app-secret.ts";
import { appendAudit, type AuditBy } from "../../store/audit.ts";
import { requireSigningSecret } from "../check-back/signing-master.ts";

export interface ShownSecret {
  /** `whsec_…`: what the app verifies signatures with. */
  secret: string;
  version: number;
  rotatedAt: Date | null;
  /** Until then requests carry the signature of the secret before it, too; null: they do not. */
  overlapsUntil: Date | null;
}

/**
 * Shows an app's signing secret. Each look leaves an entry in the audit log; the secret itself is in no database.
 *
 * @param asked.master SURELAY_SIGNING_SECRET
 * @throws SurelayError `not_found` | `unavailable` (no signing secret)
 */
export function showSecret(
  db: Pool,
  asked: { app: string; master: string | undefined },
  by: AuditBy & { reason?: string },
): Promise<ShownSecret> {
  const master = requireSigningSecret(asked.master);
  return inTransaction(db, async (tx) => {
    const app = await readAppSecret(tx, asked.app);
    if (!app) throw new SurelayError("not_found", `There is no app ${JSON.stringify(asked.app)}.`);
    const { name, version, rotatedAt, overlapsUntil } = app;
    await appendAudit(tx, {
      ...by,
      action: "app.show_secret",
      targetKind: "app",
      targetId: name,
      after: { version },
    });
    return { secret: signingSecret(master, name, version), version, rotatedAt, overlapsUntil };
  });
}
