import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type FullConfig, request } from "@playwright/test";
import { TIME_ZONE_COOKIE } from "../../i18n/locales.ts";
import { ADMIN_STATE, STACK_FILE } from "./paths.ts";
import { type Stack, startStack } from "./stack.ts";

/**
 * Starts the stack, signs the first admin in once, and stops the stack after the last test. With E2E_STACK, the path of a
 * file that describes a stack (see `Stack`), the tests run against that one instead: quick while a page is being built.
 */
export default async function setup(config: FullConfig): Promise<() => Promise<void>> {
  const { stack, stop } = process.env.E2E_STACK ? running(process.env.E2E_STACK) : await startStack();
  mkdirSync(dirname(STACK_FILE), { recursive: true });
  writeFileSync(STACK_FILE, JSON.stringify(stack), { mode: 0o600 });
  const browser = await request.newContext({ baseURL: stack.consoleUrl });
  const answer = await browser.post("/api/auth/sign-in/username", { data: stack.admin });
  if (!answer.ok()) {
    await stop();
    throw new Error(`the first admin could not sign in: ${answer.status()} ${await answer.text()}`);
  }
  const state = await browser.storageState();
  // As of a browser that has been here before: what it tells only then has its first page rendered twice.
  const value = config.projects[0]!.use.timezoneId!;
  const zone = { ...state.cookies[0]!, name: TIME_ZONE_COOKIE, value, httpOnly: false };
  writeFileSync(ADMIN_STATE, JSON.stringify({ ...state, cookies: [...state.cookies, zone] }), {
    mode: 0o600,
  });
  await browser.dispose();
  return stop;
}

function running(file: string): { stack: Stack; stop: () => Promise<void> } {
  return { stack: JSON.parse(readFileSync(file, "utf8")) as Stack, stop: () => Promise.resolve() };
}
