import { hashPassword } from "../../auth/hash-password.ts";
import { ROLES, type Role } from "../../auth/permissions.ts";
import { type Pool, inTransaction } from "../../db.ts";
import { isUsername, normaliseUsername } from "../../domain/operator-account.ts";
import { SurelayError } from "../../errors.ts";
import { type AuditBy, appendAudit } from "../../store/audit.ts";
import { insertUser } from "../../store/users.ts";
import { requireGoodPassword } from "./require-good-password.ts";

export interface CreateUser {
  username: string;
  /** Shown name; the username if absent. */
  name?: string;
  role: Role;
  /** Null: signs in by the identity provider alone, under this name. */
  password: string | null;
  /** Somebody else chose the password: it opens nothing until its owner has replaced it. */
  temporary?: boolean;
  by: AuditBy;
  reason?: string;
}

/**
 * Makes an operator's account.
 * @throws SurelayError `validation_failed` (form of the name, role, password, name taken)
 */
export async function createUser(db: Pool, input: CreateUser): Promise<{ id: string; username: string }> {
  const username = normaliseUsername(input.username);
  if (!isUsername(username))
    throw new SurelayError(
      "validation_failed",
      "A username is 2 to 64 lower-case letters, digits or any of . _ - + @ and begins with a letter or digit.",
    );
  if (!ROLES.includes(input.role))
    throw new SurelayError("validation_failed", `A role is one of ${ROLES.join(", ")}.`);
  if (input.password !== null) requireGoodPassword(input.password, username);
  const user = {
    username,
    name: input.name?.trim() || username,
    role: input.role,
    passwordHash: input.password === null ? null : await hashPassword(input.password),
    mustChangePassword: input.temporary ?? false,
  };
  return inTransaction(db, async (tx) => {
    const id = await insertUser(tx, user);
    if (id === null) throw new SurelayError("validation_failed", `There is a user "${username}" already.`);
    await appendAudit(tx, {
      ...input.by,
      action: "user.create",
      targetKind: "user",
      targetId: id,
      after: {
        username,
        name: user.name,
        role: user.role,
        signIn: input.password === null ? "invited" : "password",
      },
      reason: input.reason,
    });
    return { id, username };
  });
}
