// Installs the dependencies when node_modules is missing or does not hold what package-lock.json names. Uses nothing but
// Node, since it runs before there is anything else.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @returns {string | null} why an installation is needed, or null */
export function installationFault(root) {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return "the dependencies are not installed yet";
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    // Left out rightly: other platforms' binaries, and development's packages in a production installation.
    const mayBeMissing = path === "" || entry.optional || entry.devOptional || entry.dev || entry.peer;
    if (!present[path] ? !mayBeMissing : present[path].version !== entry.version)
      return `${path.slice(13)} is not what package-lock.json names`;
  }
  return null;
}

/**
 * Runs `npm ci`, with npm's own words on the terminal.
 *
 * @throws {Error} with a paragraph that says what to do
 */
export async function install(root, say) {
  say("installing the dependencies with npm ci");
  const npm = spawn("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const beat = setInterval(() => say("still installing"), 15_000);
  const code = await new Promise((resolve) => {
    npm.once("error", () => resolve(-1));
    npm.once("close", resolve);
  });
  clearInterval(beat);
  if (code === -1)
    throw new Error(
      "`npm` was not found on PATH; it comes with Node.js. Install Node.js with npm, then start again.",
    );
  if (code !== 0) {
    throw new Error(
      `The dependencies could not be installed: npm ci ended with ${code}, its reason stands above. Check the network, the npm registry set in .npmrc, free disk space and the right to write ${root}; then start again.`,
    );
  }
}
