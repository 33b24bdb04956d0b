import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { freePort } from "../../local/ports.ts";
import { bundleProgram } from "../support/bundle-program.ts";

export interface ApiProcess {
  port: number;
  pid: number;
  /** Lines of its log so far, parsed. */
  log: Record<string, unknown>[];
  /** Asks it to stop. @returns the exit code; null: a signal ended it */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The API in a process of its own, as it runs in production. @throws with the end of its log when it does not start */
export async function startApiProcess(
  databaseUrl: string,
  settings: Record<string, string> = {},
): Promise<ApiProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [bundleProgram("workers/api/main.ts")], {
    env: {
      ...ENVIRONMENT,
      DATABASE_URL: databaseUrl,
      SURELAY_API_PORT: String(port),
      SURELAY_INSTANCE: `api-${port}`,
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: Record<string, unknown>[] = [];
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  await started(child, log, ended);
  return {
    port,
    pid: child.pid!,
    log,
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

/** What the run itself was given stays out: its settings are not ours. */
const ENVIRONMENT = { PATH: process.env.PATH, NODE_ENV: "test" as const };

async function started(
  child: ChildProcessByStdio<null, Readable, Readable>,
  log: Record<string, unknown>[],
  ended: Promise<number | null>,
): Promise<void> {
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const listens = new Promise<true>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const entry = parseLine(line);
      log.push(entry);
      if (entry.msg === "started") resolve(true);
    });
  });
  if ((await Promise.race([listens, ended])) === true) return;
  throw new Error(`the API did not start: ${JSON.stringify(log.slice(-5))} ${errors.join("")}`);
}

function parseLine(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { msg: line };
  }
}
