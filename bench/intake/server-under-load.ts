import { spawn } from "node:child_process";
import { join } from "node:path";
import { freePort } from "../../local/ports.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { bundleInto } from "../support/bundled-process.ts";

const OUT = join(projectRoot(), "dist/bench-intake");

/** The servers and the generator as bundles, as production runs them. */
export async function bundle(): Promise<void> {
  await bundleInto("intake", {
    api: "workers/api/main.ts",
    "no-store": "bench/intake/no-store-server.ts",
    plain: "bench/intake/plain-server.ts",
    generator: "bench/intake/generator.ts",
  });
}

const ENVIRONMENT = { PATH: process.env.PATH, NODE_ENV: "production" as const };

export interface ServerUnderLoad {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** Starts a bundle in a process of its own and waits until it answers. */
export async function startServer(
  name: "api" | "no-store" | "plain",
  databaseUrl: string,
  nodeOptions: readonly string[],
): Promise<ServerUnderLoad> {
  const port = await freePort();
  const child = spawn(process.execPath, [...nodeOptions, join(OUT, `${name}.mjs`)], {
    env: {
      ...ENVIRONMENT,
      DATABASE_URL: databaseUrl,
      SURELAY_API_PORT: String(port),
      SURELAY_LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      (reply) => reply.ok,
      () => false,
    );
  if (!(await waitUntil(answers, { timeoutMs: 20_000 }))) {
    child.kill("SIGKILL");
    throw new Error(`the server "${name}" did not start`);
  }
  return {
    port,
    pid: child.pid!,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Runs the generator to its end. @returns the line it prints */
export function runGenerator(load: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(OUT, "generator.mjs"), JSON.stringify(load)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0
        ? resolve(Buffer.concat(chunks).toString())
        : reject(new Error(`the generator ended with ${String(code)}`)),
    );
  });
}
