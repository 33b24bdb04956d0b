import { hashPassword, isPassword } from "../../auth/hash-password.ts";
import type { Operator } from "../../auth/read-operator.ts";
import { admitPasswordCheck, settlePasswordCheck } from "../../auth/throttle-sign-in.ts";
import { type Pool, inTransaction } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type AuditBy, appendAudit } from "../../store/audit.ts";
import { readPasswordHash, replacePassword } from "../../store/users.ts";
import { requireGoodPassword } from "./require-good-password.ts";

export interface ChangeOwnPassword {
  operator: Operator;
  current: string;
  next: string;
  by: AuditBy;
}

/**
 * Replaces the password of whoever is signed in; needs the present one, which is throttled as a sign-in is: an open
 * browser must not be a place to guess at. All other sessions end.
 *
 * @returns how many sessions ended
 * @throws SurelayError `validation_failed` (policy) | `not_found` (signs in without one) | `forbidden` (present one is wrong) | `rate_limited`
 */
export async function changeOwnPassword(
  db: Pool,
  input: ChangeOwnPassword,
): Promise<{ endedSessions: number }> {
  const { operator } = input;
  const hash = await readPasswordHash(db, operator.id);
  if (hash === null)
    throw new SurelayError("not_found", "You sign in by the identity provider, without a password.");
  await admitPasswordCheck(db, operator.username);
  if (!(await isPassword(input.current, hash)))
    throw new SurelayError("forbidden", "The present password is not right.");
  await settlePasswordCheck(db, operator.username);
  if (input.next === input.current)
    throw new SurelayError("validation_failed", "The new password is the present one.");
  requireGoodPassword(input.next, operator.username);
  const passwordHash = await hashPassword(input.next);
  return inTransaction(db, async (tx) => {
    const endedSessions = await replacePassword(tx, {
      userId: operator.id,
      passwordHash,
      mustChangePassword: false,
      exceptSession: operator.sessionId,
    });
    await appendAudit(tx, {
      ...input.by,
      action: "user.change_password",
      targetKind: "user",
      targetId: operator.id,
      after: { endedSessions },
    });
    return { endedSessions: endedSessions ?? 0 };
  });
}
