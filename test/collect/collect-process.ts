import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { projectRoot } from "../../server/config/project-root.ts";
import { bundleProgram } from "../support/bundle-program.ts";
import type { Armed } from "./armed-table.ts";

export interface CollectProcess {
  pid: number;
  signal(name: NodeJS.Signals): void;
  /** At the next such step it kills or freezes itself. */
  arm(what: Armed): void;
  /** Its end, however it comes. */
  ended: Promise<void>;
  /** SIGKILL, and the end. */
  kill(): Promise<void>;
}

/** A collector as an operating-system process of its own, so that it can be killed and stopped like one. */
export function spawnCollect(options: {
  name: string;
  databaseUrl: string;
  env: Record<string, string>;
  /** Default: one that can be armed. */
  entry?: string;
  nodeArgs?: string[];
}): CollectProcess {
  const root = projectRoot();
  const logFile = process.env.COLLECT_TEST_LOG;
  const log = logFile ? openSync(logFile, "a") : ("ignore" as const);
  const program = bundleProgram(options.entry ?? "test/collect/collect-main.ts");
  const child: ChildProcess = spawn(process.execPath, [...(options.nodeArgs ?? []), program], {
    cwd: root,
    stdio: ["ignore", log, log, "ipc"],
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      DATABASE_URL: options.databaseUrl,
      SURELAY_INSTANCE: options.name,
      SURELAY_LOG_LEVEL: logFile ? "debug" : "silent",
      ...options.env,
    },
  });
  if (typeof log === "number") closeSync(log);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    pid: child.pid!,
    ended,
    signal: (name) => void child.kill(name),
    arm: (what) => void (child.connected && child.send(what, () => undefined)),
    async kill() {
      child.kill("SIGKILL");
      child.kill("SIGCONT");
      await ended;
    },
  };
}
