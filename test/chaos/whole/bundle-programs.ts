import { mkdirSync, mkdtempSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { projectRoot } from "../../../server/config/project-root.ts";

const WORKERS = ["api", "confirm", "recover", "ack", "notify"];

/**
 * Every program of the run as one file each: with a process killed every second, two cores would do little but compile
 * TypeScript.
 *
 * @returns where each is, by name: a worker's, `relay` (armed), `producer`, `consumer`, `receiver`; in a folder to be removed
 */
export async function bundlePrograms(): Promise<{ folder: string; programs: Record<string, string> }> {
  // Below node_modules, so that packages are found from there.
  const parent = join(projectRoot(), "node_modules/.chaos");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "run-"));
  const entries: Record<string, string> = {
    ...Object.fromEntries(WORKERS.map((name) => [name, `workers/${name}/main.ts`])),
    relay: "test/chaos/relay-main.ts",
    producer: "test/chaos/whole/producer-process.ts",
    consumer: "test/chaos/whole/consumer-process.ts",
    receiver: "test/chaos/whole/receiver-process.ts",
  };
  await build({
    absWorkingDir: projectRoot(),
    entryPoints: entries,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    sourcemap: true,
    alias: { "server-only": join(projectRoot(), "scripts/empty.mjs") },
    logLevel: "error",
  });
  return {
    folder,
    programs: Object.fromEntries(
      Object.keys(entries).map((name) => [name, join(folder, `${basename(name)}.mjs`)]),
    ),
  };
}
