import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { freePort } from "../../local/ports.ts";
import { waitUntil } from "../../local/wait-until.ts";
import type { Stack } from "./stack.ts";

const SERVER = join(import.meta.dirname, "../../.next/standalone/server.js");

/**
 * A further console beside the stack's own, on the same database, with settings of its own.
 * @param settings environment by the address the console will have
 */
export async function startConsole(
  stack: Stack,
  settings: (url: string) => Promise<Record<string, string>>,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [SERVER], {
    stdio: "ignore",
    env: {
      ...process.env,
      DATABASE_URL: stack.databaseUrl,
      PORT: String(port),
      HOSTNAME: "127.0.0.1",
      SURELAY_CONSOLE_URL: url,
      SURELAY_AUTH_SECRET: randomBytes(32).toString("hex"),
      ...(await settings(url)),
    },
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await gone;
  };
  const ready = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  if (await waitUntil(ready, { timeoutMs: 30_000 })) return { url, stop };
  await stop();
  throw new Error(`the console at ${url} was not ready within 30 s`);
}
