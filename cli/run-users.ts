import { createInterface } from "node:readline";
import type { Role } from "../server/auth/permissions.ts";
import { OperatorError } from "../server/errors.ts";
import { createUser } from "../server/services/users/create-user.ts";
import { makePassword } from "../server/services/users/make-password.ts";
import { resetPassword } from "../server/services/users/reset-password.ts";
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
