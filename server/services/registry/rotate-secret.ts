import { signingSecret } from "../../auth/signing-secret.ts";
import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { raiseSecretVersion, readAppSecret } from "../../store/app-secret.ts";
import { appendAudit, type AuditBy } from "../../store/audit.ts";
import { requireSigningSecret } from "../check-back/signing-master.ts";
import type { ShownSecret } from "./show-secret.ts";

/** `secret` null: somebody else changed it since it was read; nothing was changed now. */
export type RotateResult =
  | { kind: "rotated"; secret: ShownSecret }
  | { kind: "changed_meanwhile"; version: number };

/**
 * Gives an app a new signing secret. For 24 hours its requests carry both signatures; a secret that was replaced within
 * that time before stops counting at once, because a request carries two signatures at most.
 *
 * @param asked.seen the version that is to be replaced; absent: whatever there is
 * @throws SurelayError `not_found` | `unavailable` (no signing secret)
 */
export function rotateSecret(
  db: Pool,
  asked: { app: string; master: string | undefined; seen?: number },
  by: AuditBy & { reason?: string },
): Promise<RotateResult> {
  const master = requireSigningSecret(asked.master);
  return inTransaction(db, async (tx) => {
    const before = await readAppSecret(tx, asked.app);
    if (!before) throw new SurelayError("not_found", `There is no app ${JSON.stringify(asked.app)}.`);
    const after = await raiseSecretVersion(tx, asked.app, asked.seen ?? before.version);
    if (!after) return { kind: "changed_meanwhile", version: before.version };
    const { name, version, rotatedAt, overlapsUntil } = after;
    await appendAudit(tx, {
      ...by,
      action: "app.rotate_secret",
      targetKind: "app",
      targetId: name,
      before: { version: before.version },
      after: { version },
    });
    const secret = signingSecret(master, name, version);
    return { kind: "rotated", secret: { secret, version, rotatedAt, overlapsUntil } };
  });
}
