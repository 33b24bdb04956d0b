import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../../local/ports.ts";
import { startPostgres } from "../../local/postgres.ts";
import { openTemporaryFolder } from "../../local/unprivileged-user.ts";

const ROOT = join(import.meta.dirname, "../..");
const COMMAND = join(ROOT, "bin/surelay.mjs");
const START_SECONDS = 300; // the first run builds the console

export interface Stack {
  consoleUrl: string;
  apiUrl: string;
  databaseUrl: string;
  /** A business system's own database; the collector and the console know it as SURELAY_SOURCE_SHOP. */
  businessUrl: string;
  admin: { username: string; password: string };
  /** API keys: of producers by app, and a consumer's. */
  keys: Record<string, string>;
}

/**
 * Everything as `surelay up` starts it for a user, in a folder of its own: database, broker, API, relay, console. No
 * example business: the tests send what they look at.
 */
export async function startStack(): Promise<{ stack: Stack; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "surelay-e2e-"));
  openTemporaryFolder(folder);
  const business = await startPostgres({
    dataDir: join(folder, "business"),
    database: "shop",
    settings: { fsync: "off", shared_buffers: "16MB" },
  });
  const [consolePort, apiPort] = [await freePort(), await freePort()];
  const dataDir = join(folder, "data");
  const env = {
    ...process.env,
    SURELAY_DATA_DIR: dataDir,
    SURELAY_CONSOLE_PORT: String(consolePort),
    SURELAY_API_PORT: String(apiPort),
    SURELAY_SOURCE_SHOP: business.url,
  };
  const launcher = spawn(process.execPath, [COMMAND, "up", "--no-example"], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = collect(launcher);
  const stop = async () => {
    await end(launcher);
    await business.stop({ immediate: true });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const consoleUrl = `http://127.0.0.1:${consolePort}`;
    await until(() => answers(`${consoleUrl}/readyz`), launcher, output);
    await until(() => Promise.resolve(/npm start|Ctrl-C/i.test(output())), launcher, output);
    const cli = async (...args: string[]) =>
      (await promisify(execFile)(process.execPath, [COMMAND, ...args], { env })).stdout.trim();
    await cli("apply", "-f", join(import.meta.dirname, "topology.yaml"));
    const keys = {
      orders: await cli("keys", "create", "--app", "orders", "--scope", "produce"),
      billing: await cli("keys", "create", "--app", "billing", "--scope", "produce"),
      consumer: await cli("keys", "create", "--app", "billing", "--scope", "consume"),
    };
    const instance = JSON.parse(readFileSync(join(dataDir, "instance.json"), "utf8")) as {
      databaseUrl: string;
    };
    const text = readFileSync(join(dataDir, "first-admin.txt"), "utf8");
    const admin = { username: "admin", password: /^password: (.+)$/m.exec(text)![1]! };
    const apiUrl = `http://127.0.0.1:${apiPort}`;
    return {
      stack: {
        consoleUrl,
        apiUrl,
        databaseUrl: instance.databaseUrl,
        businessUrl: business.url,
        admin,
        keys,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function collect(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

async function until(
  ready: () => Promise<boolean>,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`surelay up ended with ${child.exitCode}:\n${output()}`);
    if (Date.now() > deadline)
      throw new Error(`surelay up was not ready in ${START_SECONDS} s:\n${output()}`);
    await wait(200);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
