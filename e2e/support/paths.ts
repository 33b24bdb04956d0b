import { join } from "node:path";

/** Made by the run, ignored by git, outside of what Playwright empties. */
const FOLDER = join(import.meta.dirname, "../../.surelay/e2e");

/** Cookies of the first admin, signed in once. */
export const ADMIN_STATE = join(FOLDER, "admin.json");
/** Addresses and secrets of the running stack, for the tests' processes. */
export const STACK_FILE = join(FOLDER, "stack.json");
