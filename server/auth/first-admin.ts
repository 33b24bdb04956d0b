import { type Pool, inTransaction } from "../db.ts";
import { appendAudit } from "../store/audit.ts";
import { insertUser } from "../store/users.ts";
import { hashPassword } from "./hash-password.ts";

/**
 * Makes the installation's first operator, an admin, if there is no operator at all. Idempotent; several processes may
 * call it at once.
 *
 * @param account.username normalised @param account.password made by the caller, at least 12 characters
 * @returns whether the account was made now
 */
export async function createFirstAdmin(
  db: Pool,
  account: { username: string; password: string },
): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>('SELECT EXISTS (SELECT FROM auth_user) AS "any"');
  if (rows[0]!.any) return false; // the common case, without the price of a slow hash
  const user = {
    username: account.username,
    name: account.username,
    role: "admin",
    passwordHash: await hashPassword(account.password),
  };
  return inTransaction(db, async (tx) => {
    const userId = await insertUser(tx, user, { onlyFirst: true });
    if (userId === null) return false;
    await appendAudit(tx, {
      actorId: null,
      actorName: "first start",
      action: "user.create",
      targetKind: "user",
      targetId: userId,
      after: { username: user.username, role: user.role },
    });
    return true;
  });
}
