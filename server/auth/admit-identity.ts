import type { OidcSettings } from "../config/oidc-settings.ts";
import { type Pool, type PoolClient, inTransaction } from "../db.ts";
import { isUsername, normaliseUsername } from "../domain/operator-account.ts";
import { type AuditBy, appendAudit } from "../store/audit.ts";
import { findIdentity, insertIdentity } from "../store/identities.ts";
import { findOperator, lockOperators, setRole } from "../store/operators.ts";
import { findUserId, insertUser } from "../store/users.ts";
import type { Role } from "./permissions.ts";

/** A person as the identity provider vouches for. */
export interface Identity {
  /** Issuer and subject: the only thing that an account is recognised by. Never an e-mail address. */
  accountId: string;
  /** Null: the provider names none. */
  username: string | null;
  name: string | null;
  /** What the mapped groups stand for; undefined: roles are given in the console. */
  role: Role | null | undefined;
}

export type Refusal = "no_name" | "name_taken" | "not_invited";
export type Admission = { userId: string } | { refused: Refusal };

/**
 * The account of somebody who comes from the identity provider: the one that this identity has had before; or one that
 * an admin made for it under this name; or a new one, if the configuration says so. An account that has a password, or
 * belongs to another identity, is never joined. A role named by the provider is taken over with each sign-in.
 */
export async function admitIdentity(
  db: Pool,
  settings: Pick<OidcSettings, "create">,
  identity: Identity,
  from: Pick<AuditBy, "ip" | "userAgent">,
): Promise<Admission> {
  const by: AuditBy = { actorId: null, actorName: "identity provider", ...from };
  return inTransaction(db, async (tx) => {
    await lockOperators(tx);
    const known = await findIdentity(tx, identity.accountId);
    if (known !== null) {
      await takeOverRole(tx, known, identity.role, by);
      return { userId: known };
    }
    const username = normaliseUsername(identity.username ?? "");
    if (!isUsername(username)) return { refused: "no_name" };
    const named = await findUserId(tx, username);
    if (named !== null) return joinInvited(tx, named, identity, by);
    if (settings.create === "invited" || (settings.create === "mapped" && !identity.role))
      return { refused: "not_invited" };
    return { userId: await createFor(tx, username, identity, by) };
  });
}

async function joinInvited(
  tx: PoolClient,
  userId: string,
  identity: Identity,
  by: AuditBy,
): Promise<Admission> {
  const account = (await findOperator(tx, userId))!;
  if (account.signIn !== "invited") return { refused: "name_taken" };
  await insertIdentity(tx, userId, identity.accountId);
  await appendAudit(tx, {
    ...by,
    action: "user.link",
    targetKind: "user",
    targetId: userId,
    before: { signIn: "invited" },
    after: { signIn: "oidc", identity: identity.accountId },
  });
  await takeOverRole(tx, userId, identity.role, by);
  return { userId };
}

async function createFor(tx: PoolClient, username: string, identity: Identity, by: AuditBy): Promise<string> {
  const user = { username, name: identity.name ?? username, role: identity.role ?? null };
  const userId = (await insertUser(tx, { ...user, passwordHash: null }))!;
  await insertIdentity(tx, userId, identity.accountId);
  await appendAudit(tx, {
    ...by,
    action: "user.create",
    targetKind: "user",
    targetId: userId,
    after: { ...user, signIn: "oidc", identity: identity.accountId },
  });
  return userId;
}

async function takeOverRole(
  tx: PoolClient,
  userId: string,
  role: Role | null | undefined,
  by: AuditBy,
): Promise<void> {
  if (role === undefined) return;
  const before = (await findOperator(tx, userId))!.role;
  if (before === role) return;
  await setRole(tx, userId, role);
  await appendAudit(tx, {
    ...by,
    action: "user.change_role",
    targetKind: "user",
    targetId: userId,
    before: { role: before },
    after: { role },
  });
}
