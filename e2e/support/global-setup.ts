import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { request } from "@playwright/test";
import { ADMIN_STATE, STACK_FILE } from "./paths.ts";
import { type Stack, startStack } from "./stack.ts";

/**
 * Starts the stack, signs the first admin in once, and stops the stack after the last test. With E2E_STACK, the path of a
 * file that describes a stack (see `Stack`), the tests run against that one instead: quick while a page is being built.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const { stack, stop } = process.env.E2E_STACK ? running(process.env.E2E_STACK) : await startStack();
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

function running(file: string): { stack: Stack; stop: () => Promise<void> } {
  return { stack: JSON.parse(readFileSync(file, "utf8")) as Stack, stop: () => Promise.resolve() };
}
