import { join } from "node:path";

/** Made by the run, ignored by git, outside of what Playwright empties. E2E_RUN names one of several runs side by side. */
const FOLDER = join(import.meta.dirname, "../../.surelay/e2e", process.env.E2E_RUN ?? "");

/** Cookies of the first admin, signed in once. */
export const ADMIN_STATE = join(FOLDER, "admin.json");
/** Addresses and secrets of the running stack, for the tests' processes. */
export const STACK_FILE = join(FOLDER, "stack.json");
