import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { bundleProgram } from "./bundle-program.ts";

export interface WorkerProcess {
  pid: number;
  /** Lines of its log so far, parsed. */
  log: Record<string, unknown>[];
  kill(signal: NodeJS.Signals): void;
  /** The exit code; null: a signal ended it. */
  ended: Promise<number | null>;
}

/** A worker in a process of its own, as it runs in production. @throws with its log when it does not start */
export async function startWorkerProcess(
  kind: string,
  databaseUrl: string,
  settings: Record<string, string>,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [bundleProgram(`workers/${kind}/main.ts`)], {
    // What the run itself was given stays out: its settings are not ours.
    env: { PATH: process.env.PATH, NODE_ENV: "test", DATABASE_URL: databaseUrl, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: Record<string, unknown>[] = [];
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const started = new Promise<true>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const entry = JSON.parse(line) as Record<string, unknown>;
      log.push(entry);
      if (entry.msg === "started") resolve(true);
    });
  });
  if ((await Promise.race([started, ended])) !== true)
    throw new Error(`${kind} did not start: ${JSON.stringify(log.slice(-5))}`);
  return { pid: child.pid!, log, ended, kill: (signal) => void child.kill(signal) };
}
