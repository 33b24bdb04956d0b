import type { Operator } from "../../auth/read-operator.ts";
import type { Role } from "../../auth/permissions.ts";
import { type Pool, type PoolClient, inTransaction } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type AuditBy, appendAudit } from "../../store/audit.ts";
import {
  type OperatorRow,
  countOtherAdmins,
  deleteUser,
  findOperator,
  liftSuspension,
  lockOperators,
  setRole,
  suspendUser,
} from "../../store/operators.ts";

/** What every change of an account needs to know. */
export interface ChangeOperator {
  /** The account. */
  id: string;
  /** Who changes it; null: whoever holds the command line, who may do away with any account. */
  operator: Operator | null;
  by: AuditBy;
  reason: string;
}

/**
 * Gives an operator another role; counts with that operator's next request.
 *
 * @param managed the identity provider names the roles: those who come from there keep what it says
 * @throws SurelayError `not_found`; `validation_failed`: one's own, the last admin's, a role that the identity provider names
 */
export async function changeRole(
  db: Pool,
  input: ChangeOperator & { role: Role; managed: boolean },
): Promise<void> {
  await change(db, input, async (tx, account) => {
    if (account.role === input.role) return null;
    if (input.managed && account.signIn === "oidc")
      throw new SurelayError(
        "validation_failed",
        "The identity provider names this operator's role. Change it there.",
      );
    if (account.role === "admin") await requireOtherAdmin(tx, account);
    await setRole(tx, account.id, input.role);
    return { action: "user.change_role", before: { role: account.role }, after: { role: input.role } };
  });
}

/** Suspends an operator and ends all sessions at once. @throws as changeRole */
export async function suspendOperator(db: Pool, input: ChangeOperator): Promise<void> {
  await change(db, input, async (tx, account) => {
    if (account.suspended) return null;
    if (account.role === "admin") await requireOtherAdmin(tx, account);
    const endedSessions = await suspendUser(tx, account.id, input.reason);
    return {
      action: "user.suspend",
      before: { suspended: false },
      after: { suspended: true, endedSessions },
    };
  });
}

/** Lets a suspended operator in again. @throws as changeRole */
export async function liftOperator(db: Pool, input: ChangeOperator): Promise<void> {
  await change(db, input, async (tx, account) => {
    if (!account.suspended) return null;
    await liftSuspension(tx, account.id);
    return { action: "user.lift", before: { suspended: true }, after: { suspended: false } };
  });
}

/** Removes an account; its sessions end. What it did stays in the audit log. @throws as changeRole */
export async function removeOperator(db: Pool, input: ChangeOperator): Promise<void> {
  await change(db, input, async (tx, account) => {
    if (account.role === "admin") await requireOtherAdmin(tx, account);
    await deleteUser(tx, account.id);
    const { username, name, role } = account;
    return { action: "user.remove", before: { username, name, role }, after: undefined };
  });
}

interface Change {
  action: string;
  before: unknown;
  after: unknown;
}

/** Changes an account and writes it down, under the one lock of all such changes. Null: nothing was to be changed. */
async function change(
  db: Pool,
  input: ChangeOperator,
  apply: (tx: PoolClient, account: OperatorRow) => Promise<Change | null>,
): Promise<void> {
  if (input.id === input.operator?.id)
    throw new SurelayError("validation_failed", "This is your own account. Another admin has to do that.");
  await inTransaction(db, async (tx) => {
    await lockOperators(tx);
    const account = await findOperator(tx, input.id);
    if (account === null) throw new SurelayError("not_found", "There is no such operator.");
    const changed = await apply(tx, account);
    if (changed === null) return;
    await appendAudit(tx, {
      ...input.by,
      ...changed,
      targetKind: "user",
      targetId: account.id,
      reason: input.reason,
    });
  });
}

async function requireOtherAdmin(tx: PoolClient, account: OperatorRow): Promise<void> {
  if (!account.suspended && (await countOtherAdmins(tx, account.id)) === 0)
    throw new SurelayError("validation_failed", "This is the last admin. Make another one first.");
}
