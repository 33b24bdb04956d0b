import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { bundleProgram } from "../support/bundle-program.ts";

export interface RecoverProcess {
  pid: number;
  kill(signal: NodeJS.Signals): void;
  /** The exit code; null: a signal ended it. */
  ended: Promise<number | null>;
}

/** The worker in a process of its own, as it runs in production. @throws with its log when it does not start */
export async function startRecoverProcess(databaseUrl: string, instance: string): Promise<RecoverProcess> {
  const child = spawn(process.execPath, [bundleProgram("workers/recover/main.ts")], {
    // What the run itself was given stays out: its settings are not ours.
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "test",
      DATABASE_URL: databaseUrl,
      SURELAY_INSTANCE: instance,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const log: unknown[] = [];
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const started = new Promise<true>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const entry = JSON.parse(line) as { msg?: string };
      log.push(entry);
      if (entry.msg === "started") resolve(true);
    });
  });
  if ((await Promise.race([started, ended])) !== true)
    throw new Error(`recover did not start: ${JSON.stringify(log.slice(-5))}`);
  return { pid: child.pid!, ended, kill: (signal) => void child.kill(signal) };
}
