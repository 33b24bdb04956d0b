import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { projectRoot } from "../../server/config/project-root.ts";

export interface BenchProcess {
  pid: number;
  /** The first line of JSON it printed that satisfies. */
  first(satisfies: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/**
 * Bundles programs as production runs them.
 *
 * @param bench names the folder they are put into
 * @param entries name → path in the project
 * @returns what starts one of them
 */
export async function bundlePrograms<Name extends string>(
  bench: string,
  entries: Record<Name, string>,
): Promise<(name: Name, env: Record<string, string>) => BenchProcess> {
  const outdir = await bundleInto(bench, entries);
  return (name, env) => startProgram(name, join(outdir, `${name}.mjs`), env);
}

/** As `bundlePrograms`, for whoever starts them in a way of its own. @returns the folder with a `<name>.mjs` for each */
export async function bundleInto(bench: string, entries: Record<string, string>): Promise<string> {
  const root = projectRoot();
  const outdir = join(root, "dist", `bench-${bench}`);
  await build({
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)])),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  return outdir;
}

function startProgram(name: string, script: string, env: Record<string, string>): BenchProcess {
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const lines: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    listeners.forEach((listener) => listener());
  });
  return {
    pid: child.pid!,
    first: (satisfies) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find(satisfies);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        void ended.then(() => reject(new Error(`${name} ended: ${JSON.stringify(lines.slice(-3))}`)));
        look();
      }),
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
