import { createInterface } from "node:readline";
import type { Role } from "../server/auth/permissions.ts";
import { OperatorError } from "../server/errors.ts";
import { normaliseUsername } from "../server/domain/operator-account.ts";
import { changeRole } from "../server/services/users/change-operator.ts";
import { createUser } from "../server/services/users/create-user.ts";
import { makePassword } from "../server/services/users/make-password.ts";
import { listOperators } from "../server/services/users/list-operators.ts";
import { resetPassword } from "../server/services/users/reset-password.ts";
import type { OperatorRow } from "../server/store/operators.ts";
import { findUserId } from "../server/store/users.ts";
import { formatTable } from "./print-table.ts";
import { withTarget } from "./target.ts";

export async function runCreateUser(options: {
  username: string;
  role: string;
  name?: string;
  passwordStdin?: boolean;
}): Promise<void> {
  const password = await choosePassword(options.passwordStdin);
  const { username } = await withTarget(({ pool, actorName }) =>
    createUser(pool, {
      username: options.username,
      name: options.name,
      role: options.role as Role,
      password: password.value,
      by: { actorId: null, actorName },
    }),
  );
  tell(password, `User ${username} was made, role ${options.role}.`);
}

export async function runResetPassword(options: {
  username: string;
  passwordStdin?: boolean;
}): Promise<void> {
  const password = await choosePassword(options.passwordStdin);
  await withTarget(({ pool, actorName }) =>
    resetPassword(pool, {
      username: options.username,
      password: password.value,
      by: { actorId: null, actorName },
    }),
  );
  tell(password, `User ${options.username} has a new password; all sessions were ended.`);
}

export async function runSetRole(options: { username: string; role: string }): Promise<void> {
  await withTarget(async ({ pool, actorName }) => {
    const id = await findUserId(pool, normaliseUsername(options.username));
    if (id === null) throw new OperatorError("no_such_user", `There is no user "${options.username}".`);
    await changeRole(pool, {
      id,
      role: options.role as Role,
      operator: null,
      managed: false,
      by: { actorId: null, actorName },
      reason: "by the command line",
    });
  });
  console.error(`User ${options.username} has the role ${options.role}.`);
}

export async function runListUsers(options: { json?: boolean }): Promise<void> {
  const users = await withTarget(({ pool }) => listOperators(pool));
  if (options.json) return users.forEach((user) => console.log(JSON.stringify(user)));
  if (users.length === 0) return console.error("There are no users yet: `surelay users create` makes one.");
  const heading = ["USERNAME", "NAME", "ROLE", "SIGN-IN", "STATUS", "SESSIONS", "LAST SIGN-IN"];
  console.log(formatTable([heading, ...users.map(rowOf)]));
}

function rowOf(user: OperatorRow): string[] {
  return [
    user.username,
    user.name,
    user.role ?? "none",
    user.signIn,
    user.suspended ? "suspended" : user.mustChangePassword ? "temporary password" : "active",
    String(user.sessions),
    user.lastSignInAt?.toISOString().slice(0, 16).replace("T", " ") ?? "never",
  ];
}

interface Password {
  value: string;
  made: boolean;
}

async function choosePassword(fromStdin: boolean | undefined): Promise<Password> {
  if (!fromStdin) return { value: makePassword(), made: true };
  for await (const line of createInterface({ input: process.stdin })) return { value: line, made: false };
  throw new OperatorError("no_password", "Standard input was empty; give the password as its first line.");
}

function tell(password: Password, what: string): void {
  if (!password.made) return console.error(what);
  console.error(`${what} The password is shown this once:`);
  console.log(password.value);
}
