import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { freePort } from "../../local/ports.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { bundleInto } from "../support/bundled-process.ts";

const OUT = join(projectRoot(), "dist/bench-ack");
const ENVIRONMENT = { PATH: process.env.PATH, NODE_ENV: "production" as const, SURELAY_LOG_LEVEL: "warn" };

/** The processes and the driver as bundles, as production runs them. */
export async function bundle(): Promise<void> {
  await bundleInto("ack", {
    api: "workers/api/main.ts",
    relay: "workers/relay/main.ts",
    ack: "workers/ack/main.ts",
    driver: "bench/ack/driver.ts",
  });
}

export interface Service {
  name: string;
  pid: number;
  port: number;
  stop(): Promise<void>;
}

/** Starts a process of the service and waits until it is ready. */
export async function startService(
  name: "api" | "relay" | "ack",
  settings: Record<string, string>,
): Promise<Service> {
  const port = await freePort();
  const own: Record<string, string> =
    name === "api" ? { SURELAY_API_PORT: String(port) } : { SURELAY_WORKER_PORT: String(port) };
  const child = spawn(process.execPath, [join(OUT, `${name}.mjs`)], {
    env: { ...ENVIRONMENT, SURELAY_INSTANCE: name, ...settings, ...own },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = once(child);
  const ready = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      (reply) => reply.ok,
      () => false,
    );
  if (!(await waitUntil(ready, { timeoutMs: 30_000 }))) {
    child.kill("SIGKILL");
    throw new Error(`${name} did not become ready`);
  }
  return {
    name,
    pid: child.pid!,
    port,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Runs the driver to its end. @returns what it prints, as JSON */
export function runDriver<T>(task: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(OUT, "driver.mjs")], {
      env: ENVIRONMENT,
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(JSON.stringify(task));
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve(JSON.parse(Buffer.concat(chunks).toString()) as T)
        : reject(new Error(`the driver ended with ${String(code)}`)),
    );
  });
}

function once(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once("exit", () => resolve()));
}
