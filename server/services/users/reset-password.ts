import { hashPassword } from "../../auth/hash-password.ts";
import { type Pool, inTransaction } from "../../db.ts";
import { normaliseUsername } from "../../domain/operator-account.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { replacePassword } from "../../store/users.ts";
import { requireGoodPassword } from "./require-good-password.ts";

export interface ResetPassword {
  username: string;
  password: string;
  /** Who does it, for the audit log. */
  resetBy: string;
}

/**
 * Gives an operator a new password and ends all of that operator's sessions.
 * @throws SurelayError `validation_failed` | `not_found`
 */
export async function resetPassword(db: Pool, input: ResetPassword): Promise<{ id: string }> {
  requireGoodPassword(input.password);
  const username = normaliseUsername(input.username);
  const passwordHash = await hashPassword(input.password);
  return inTransaction(db, async (tx) => {
    const id = await replacePassword(tx, username, passwordHash);
    if (id === null) throw new SurelayError("not_found", `There is no user "${username}".`);
    await appendAudit(tx, {
      actorId: null,
      actorName: input.resetBy,
      action: "user.reset_password",
      targetKind: "user",
      targetId: id,
    });
    return { id };
  });
}
