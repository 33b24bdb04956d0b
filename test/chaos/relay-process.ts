import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { freePort } from "../../local/ports.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { bundleProgram } from "../support/bundle-program.ts";
import type { Armed } from "./armed-kafka.ts";

export interface RelayProcess {
  name: string;
  pid: number;
  isRunning(): boolean;
  /** How it ended: its exit code, or the signal; empty while it runs. */
  ending(): string;
  signal(name: NodeJS.Signals): void;
  /** For a relay of relay-main.ts: at one of its next steps it kills or stops itself. */
  arm(what: Armed): void;
  /** SIGTERM, and the end. @returns its exit code */
  stop(): Promise<number | null>;
  /** SIGKILL, and the end. */
  kill(): Promise<void>;
  /** Answers once it serves. */
  ready(): Promise<void>;
  /** A figure of its /metrics, summed over its labels. */
  metric(name: string): Promise<number>;
}

export interface RelayProcessOptions {
  name: string;
  databaseUrl: string;
  bootstrap: string;
  env?: Record<string, string>;
  /** TypeScript, from the project's folder. Default: the product's own entry point. */
  entry?: string;
  nodeArgs?: string[];
  /** Its log; default: nowhere. */
  logFile?: string;
}

/** A relay as an operating-system process of its own, so that it can be killed and stopped like one. */
export async function spawnRelay(options: RelayProcessOptions): Promise<RelayProcess> {
  const port = await freePort();
  const root = projectRoot();
  const log = options.logFile ? openSync(options.logFile, "a") : ("ignore" as const);
  const program = bundleProgram(options.entry ?? "workers/relay/main.ts");
  const spawning: SpawnOptions = {
    cwd: root,
    stdio: ["ignore", log, log, "ipc"],
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      DATABASE_URL: options.databaseUrl,
      KAFKA_BROKERS: options.bootstrap,
      SURELAY_INSTANCE: options.name,
      SURELAY_WORKER_PORT: String(port),
      SURELAY_LOG_LEVEL: options.logFile ? "info" : "silent",
      ...options.env,
    },
  };
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), program], spawning);
  if (typeof log === "number") closeSync(log);
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const url = `http://127.0.0.1:${port}`;
  return {
    name: options.name,
    pid: child.pid!,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    ending: () => String(child.signalCode ?? child.exitCode ?? ""),
    signal: (name) => void child.kill(name),
    arm: (what) => void (child.connected && child.send(what, () => undefined)), // it may be dying
    stop: () => endOf(child, ended, "SIGTERM"),
    kill: async () => void (await endOf(child, ended, "SIGKILL")),
    ready: () => answers(`${url}/healthz`, child),
    metric: async (name) => sumOf(await (await fetch(`${url}/metrics`)).text(), name),
  };
}

async function endOf(
  child: ChildProcess,
  ended: Promise<number | null>,
  signal: NodeJS.Signals,
): Promise<number | null> {
  child.kill(signal);
  child.kill("SIGCONT"); // one that was stopped would never see it
  return ended;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (child.exitCode !== null)
      throw new Error(`the relay ended with ${child.exitCode} before it was ready`);
    const ok = await fetch(url).then(
      (r) => r.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the relay did not get ready within a minute");
}

function sumOf(metrics: string, name: string): number {
  let sum = 0;
  for (const line of metrics.split("\n"))
    if (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) sum += Number(line.split(" ").at(-1));
  return sum;
}
