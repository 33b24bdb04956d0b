import { mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { projectRoot } from "../../server/config/project-root.ts";

const bundled = new Map<string, string>();

/**
 * A program as one file with all that it imports. Tests start, kill and start again by the hundred.
 *
 * Made once per process, from the sources as they are then. Another process that makes the same one at the same time replaces
 * the file whole, and what runs has read it already.
 *
 * @param entry TypeScript, from the project's folder
 * @returns the file, for Node to run
 */
export function bundleProgram(entry: string): string {
  const known = bundled.get(entry);
  if (known) return known;
  const root = projectRoot();
  // Below the project, which is how a program finds its folder.
  const file = join(root, "node_modules/.programs", entry.replace(/\.ts$/, ".mjs"));
  const partial = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: partial,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    external: ["pg-native"],
    // It throws outside Next.
    alias: { "server-only": join(root, "scripts/empty.mjs") },
    // Some packages are CommonJS and ask for Node's own modules.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  renameSync(partial, file);
  bundled.set(entry, file);
  return file;
}
