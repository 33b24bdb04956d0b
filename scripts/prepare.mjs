// What must be there before the command line itself can run: dependencies, the generated client, the bundles.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT, build } from "./build.mjs";
import { install, installationFault } from "./install.mjs";

/**
 * Installs and builds what is missing or out of date. Says nothing if nothing is. A deployment that carries no sources, or
 * whose folder cannot be written, runs what was built into it.
 *
 * @throws {Error} with a paragraph that says what to do
 */
export async function prepare() {
  // Not on stdout: `surelay keys create` and the like are piped.
  const say = (text) => console.error(`[${(performance.now() / 1000).toFixed(1).padStart(6)} s] ${text}`);
  const sources = existsSync(join(ROOT, "cli", "main.ts"));
  if (!sources && existsSync(join(ROOT, "dist", "cli.mjs"))) return;
  const fault = installationFault(ROOT);
  try {
    if (fault) await install(ROOT, say);
    await build(["client", "bundles"], { say, quiet: true });
  } catch (error) {
    throw new Error(explain(error), { cause: error });
  }
}

function explain(error) {
  if (error.code === "EROFS" || error.code === "EACCES" || error.code === "EPERM") {
    return `The folder ${ROOT} cannot be written (${error.message}), and parts of Surelay have yet to be built there. Give this user the right to write it, or run \`npm ci && npm run build\` before it becomes read-only.`;
  }
  if (error.code === "ENOSPC") return `The disk of ${ROOT} is full. Free some space, then start again.`;
  return error.message;
}
