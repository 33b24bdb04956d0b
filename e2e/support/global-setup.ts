import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { request } from "@playwright/test";
import { ADMIN_STATE, STACK_FILE } from "./paths.ts";
import { startStack } from "./stack.ts";

/** Starts the stack, signs the first admin in once, and stops the stack after the last test. */
export default async function setup(): Promise<() => Promise<void>> {
  const { stack, stop } = await startStack();
  mkdirSync(dirname(STACK_FILE), { recursive: true });
  writeFileSync(STACK_FILE, JSON.stringify(stack), { mode: 0o600 });
  const browser = await request.newContext({ baseURL: stack.consoleUrl });
  const answer = await browser.post("/api/auth/sign-in/username", { data: stack.admin });
  if (!answer.ok()) {
    await stop();
    throw new Error(`the first admin could not sign in: ${answer.status()} ${await answer.text()}`);
  }
  await browser.storageState({ path: ADMIN_STATE });
  await browser.dispose();
  return stop;
}
