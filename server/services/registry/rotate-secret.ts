import { deriveSecret, type SecretOf } from "../../auth/signing-secret.ts";
import { inTransaction, type Pool } from "../../db.ts";
import { appendAudit, type AuditBy } from "../../store/audit.ts";
import { raiseSecretVersion, readSecretRow } from "../../store/secret-rows.ts";
import { requireSigningSecret } from "../check-back/signing-master.ts";
import { noSuchTarget, secretTarget } from "./secret-target.ts";
import type { ShownSecret } from "./show-secret.ts";

/** `secret` null: somebody else changed it since it was read; nothing was changed now. */
export type RotateResult =
  | { kind: "rotated"; secret: ShownSecret }
  | { kind: "changed_meanwhile"; version: number };

/**
 * Gives an app or a webhook subscription a new signing secret. For 24 hours its requests carry both signatures; a secret
 * that was replaced within that time before stops counting at once, because a request carries two signatures at most.
 *
 * @param asked.seen the version that is to be replaced; absent: whatever there is
 * @throws SurelayError `not_found` | `unavailable` (no signing secret)
 */
export function rotateSecret(
  db: Pool,
  { master: given, seen, ...of }: SecretOf & { master: string | undefined; seen?: number },
  by: AuditBy & { reason?: string },
): Promise<RotateResult> {
  const master = requireSigningSecret(given);
  return inTransaction(db, async (tx) => {
    const before = await readSecretRow(tx, of);
    if (!before) throw noSuchTarget(of);
    const after = await raiseSecretVersion(tx, of, seen ?? before.version);
    if (!after) return { kind: "changed_meanwhile", version: before.version };
    const target = secretTarget(of);
    await appendAudit(tx, {
      ...by,
      ...target,
      action: `${target.targetKind}.rotate_secret`,
      before: { version: before.version },
      after: { version: after.version },
    });
    return { kind: "rotated", secret: { ...after, secret: deriveSecret(master, of, after.version) } };
  });
}
