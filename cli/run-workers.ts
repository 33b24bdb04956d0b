import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../server/config/project-root.ts";
import { OperatorError } from "../server/errors.ts";

const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

function workersFolder(): string {
  return join(projectRoot(), "dist", "workers");
}

/** Names of the workers that are built. */
export function workerNames(): string[] {
  if (!existsSync(workersFolder())) return [];
  return readdirSync(workersFolder())
    .filter((file) => file.endsWith(".mjs"))
    .map((file) => file.slice(0, -".mjs".length))
    .sort();
}

/** Those of the names that no worker has. */
export function missingWorkers(names: readonly string[]): string[] {
  const known = workerNames();
  return names.filter((name) => !known.includes(name));
}

/**
 * Runs workers until they end. A single one takes over this process: signals and the exit code are its own.
 *
 * @throws OperatorError `worker_ended` when one of several ended without being asked to
 */
export async function runWorkers(names: readonly string[]): Promise<void> {
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) await import(pathToFileURL(bundleOf(only)).href);
  else await runTogether(names);
}

async function runTogether(names: readonly string[]): Promise<void> {
  const children = names.map((name, index) => ({ name, process: startWorker(name, index) }));
  let asked = false;
  const forward = (signal: NodeJS.Signals) => {
    asked = true;
    for (const child of children) child.process.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  let failure: string | null = null;
  await Promise.all(
    children.map(async (child) => {
      const [code, signal] = (await once(child.process, "exit")) as [number | null, NodeJS.Signals | null];
      if (code === 0 && asked) return;
      failure ??= `worker ${child.name} ended with ${signal ?? `code ${code}`}`;
      if (!asked) forward("SIGTERM");
    }),
  );
  for (const signal of SIGNALS) process.off(signal, forward);
  if (failure) throw new OperatorError("worker_ended", `${failure as string}; its log says why.`);
}

/** In a process group of its own: Ctrl-C reaches it through us alone, since a second signal means "at once". */
function startWorker(name: string, index: number): ChildProcess {
  const port = Number(process.env.SURELAY_WORKER_PORT ?? 0);
  return spawn(process.execPath, ["--enable-source-maps", bundleOf(name)], {
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
    env: { ...process.env, ...(port > 0 ? { SURELAY_WORKER_PORT: String(port + index) } : {}) },
  });
}

function bundleOf(name: string): string {
  return join(workersFolder(), `${name}.mjs`);
}
