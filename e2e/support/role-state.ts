import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { request } from "@playwright/test";
import type pg from "pg";
import { hashPassword } from "../../server/auth/hash-password.ts";
import type { Role } from "../../server/auth/permissions.ts";
import { findUserId, insertUser, replacePassword } from "../../server/store/users.ts";
import { ADMIN_STATE } from "./paths.ts";
import type { Stack } from "./stack.ts";

const signedIn = new Map<Role, string>();

/**
 * Cookies of an operator of a role, signed in once per process: the first admin for `admin`, else an account of its own
 * that is made when it is missing.
 * @returns the path of a storage state
 */
export async function roleState(stack: Stack, database: pg.Client, role: Role): Promise<string> {
  if (role === "admin") return ADMIN_STATE;
  const known = signedIn.get(role);
  if (known !== undefined && existsSync(known)) return known;
  const account = { username: `scene-${role}`, password: randomBytes(18).toString("base64url") };
  const passwordHash = await hashPassword(account.password);
  const made = await insertUser(database, {
    username: account.username,
    name: `Scene ${role}`,
    role,
    passwordHash,
  });
  if (made === null) {
    const userId = (await findUserId(database, account.username))!;
    await replacePassword(database, { userId, passwordHash, mustChangePassword: false, exceptSession: null });
  }
  const browser = await request.newContext({
    baseURL: stack.consoleUrl,
    storageState: { cookies: [], origins: [] }, // the runner would hand it the first admin's
  });
  const answer = await browser.post("/api/auth/sign-in/username", {
    data: account,
    headers: { origin: stack.consoleUrl },
  });
  if (!answer.ok()) throw new Error(`${account.username} could not sign in: ${answer.status()}`);
  const state = join(dirname(ADMIN_STATE), `${role}.json`);
  await browser.storageState({ path: state });
  await browser.dispose();
  signedIn.set(role, state);
  return state;
}
