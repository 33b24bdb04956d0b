import { randomBytes } from "node:crypto";
import type { BrowserContext } from "@playwright/test";
import type { Role } from "../../server/auth/permissions.ts";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { createUser } from "../../server/services/users/create-user.ts";
import type { Stack } from "./stack.ts";

/** Makes an operator with this role and signs the browser in as this operator instead of the admin. @returns the username */
export async function signInAs(context: BrowserContext, stack: Stack, role: Role): Promise<string> {
  const username = `${role}-${randomBytes(4).toString("hex")}`;
  const password = randomBytes(12).toString("base64url");
  const pool = createPool({ url: stack.databaseUrl, max: 1, name: "e2e", log: silentLog });
  try {
    await createUser(pool, { username, role, password, by: { actorId: null, actorName: "e2e" } });
  } finally {
    await pool.end();
  }
  await context.clearCookies({ name: "surelay.session_token" });
  const answer = await context.request.post(`${stack.consoleUrl}/api/auth/sign-in/username`, {
    data: { username, password },
    headers: { origin: stack.consoleUrl },
  });
  if (!answer.ok())
    throw new Error(`${username} could not sign in: ${answer.status()} ${await answer.text()}`);
  return username;
}
