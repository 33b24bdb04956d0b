import { hashPassword } from "../../auth/hash-password.ts";
import { type Pool, inTransaction } from "../../db.ts";
import { normaliseUsername } from "../../domain/operator-account.ts";
import { SurelayError } from "../../errors.ts";
import { type AuditBy, appendAudit } from "../../store/audit.ts";
import { findUserId, replacePassword } from "../../store/users.ts";
import { requireGoodPassword } from "./require-good-password.ts";

export interface ResetPassword {
  username: string;
  password: string;
  /** See CreateUser. */
  temporary?: boolean;
  by: AuditBy;
  reason?: string;
}

/**
 * Gives an operator a new password and ends all of that operator's sessions.
 * @throws SurelayError `validation_failed` | `not_found`
 */
export async function resetPassword(
  db: Pool,
  input: ResetPassword,
): Promise<{ id: string; endedSessions: number }> {
  const username = normaliseUsername(input.username);
  requireGoodPassword(input.password, username);
  const passwordHash = await hashPassword(input.password);
  return inTransaction(db, async (tx) => {
    const id = await findUserId(tx, username);
    if (id === null) throw new SurelayError("not_found", `There is no user "${username}".`);
    const endedSessions = await replacePassword(tx, {
      userId: id,
      passwordHash,
      mustChangePassword: input.temporary ?? false,
      exceptSession: null,
    });
    if (endedSessions === null)
      throw new SurelayError("validation_failed", `"${username}" signs in without a password.`);
    await appendAudit(tx, {
      ...input.by,
      action: "user.reset_password",
      targetKind: "user",
      targetId: id,
      after: { endedSessions },
      reason: input.reason,
    });
    return { id, endedSessions };
  });
}
