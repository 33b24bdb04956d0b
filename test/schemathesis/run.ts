import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../local/paths.ts";
import { startPostgres } from "../../local/postgres.ts";
import { openTemporaryFolder } from "../../local/unprivileged-user.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { createApiKey } from "../../server/services/api-keys/create-api-key.ts";
import type { Scope } from "../../server/store/api-keys.ts";
import { migrate } from "../../server/store/migrate.ts";
import { startApiProcess } from "../api/start-api-process.ts";
import { declare } from "../support/messages.ts";
import { subscribe } from "../support/subscriptions.ts";

/**
 * node scripts/run-ts.mjs test/schemathesis/run.ts [examples per operation]
 *
 * Lets schemathesis, which knows nothing but /v1/openapi.json, look for a call that the running API answers with 5xx or in
 * a way the document does not declare. Exit status: 0 nothing found; 1 something found, told above the summary; 3 it could
 * not run.
 */
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
];
/** Small limits: the tool builds inputs at and beyond each of them, and takes minutes to make up 500 messages. */
const SETTINGS = { SURELAY_MAX_BATCH: "4", SURELAY_MAX_KEY_BYTES: "40" };
const DEADLINE_MS = 240_000;
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");
const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

process.exit(await main(process.argv[2] ?? "10"));

async function main(examples: string): Promise<number> {
  let tool: string;
  try {
    tool = install();
  } catch (error) {
    console.error(`schemathesis: could not run: ${(error as Error).message}`);
    return 3;
  }
  const folder = mkdtempSync(join(tmpdir(), "surelay-schemathesis-"));
  openTemporaryFolder(folder);
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), settings: { fsync: "off" } });
  try {
    const key = await prepareDatabase(postgres.url);
    const api = await startApiProcess(postgres.url, SETTINGS);
    try {
      const code = await examine(tool, api.port, key, examples, folder);
      console.log(`schemathesis: ${await countMessages(postgres.url)} messages were stored by it`);
      return code;
    } finally {
      const failures = api.log.filter((line) => Number(line.level) >= 50);
      for (const line of failures.slice(0, 5)) console.error(JSON.stringify(line));
      await api.stop();
    }
  } finally {
    await postgres.stop({ immediate: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A virtual environment of exact versions in the cache folder, made once. @returns the program */
function install(): string {
  const mark = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(cacheFolder(), `schemathesis-${mark}`);
  const tool = join(folder, "bin/schemathesis");
  if (existsSync(join(folder, "complete"))) return tool;
  const python = findPython();
  rmSync(folder, { recursive: true, force: true });
  console.log("schemathesis: installing");
  run(python, ["-m", "venv", folder], "Python's venv module is missing (Debian: apt install python3-venv)");
  run(
    join(folder, "bin/python"),
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS],
    "its packages could not be installed",
  );
  writeFileSync(join(folder, "complete"), "");
  return tool;
}

function findPython(): string {
  for (const name of PYTHONS) {
    try {
      execFileSync(name, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"], { stdio: "ignore" });
      return name;
    } catch {
      // missing, or too old
    }
  }
  throw new Error("Python 3.10 or later is needed. Install it, or have it on the PATH as python3.");
}

function run(command: string, args: string[], failure: string): void {
  try {
    execFileSync(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    const told = String((error as { stderr?: Buffer }).stderr ?? "")
      .trim()
      .split("\n")
      .slice(-3)
      .join(" ");
    throw new Error(`${failure}. ${told}`, { cause: error });
  }
}

async function prepareDatabase(url: string): Promise<string> {
  await migrate({
    url,
    folder: join(projectRoot(), "prisma/migrations"),
    lanes: 4,
    idPastSeconds: 7 * 86_400,
    partitionsAheadDays: 2,
  });
  const pool = createPool({ url, max: 1, name: "schemathesis", log: silentLog });
  try {
    await declare(pool, { topic: "orders.created" });
    await subscribe(pool, { topic: "orders.created", name: "shipping" });
    const scopes: Scope[] = ["produce", "consume"];
    return (await createApiKey(pool, { app: "orders", scopes, createdBy: "schemathesis" })).key;
  } finally {
    await pool.end();
  }
}

/** None would mean that it never got past the checks of what it sent. */
async function countMessages(url: string): Promise<number> {
  const pool = createPool({ url, max: 1, name: "schemathesis", log: silentLog });
  try {
    return (await pool.query<{ n: number }>("SELECT count(*)::int AS n FROM message")).rows[0]!.n;
  } finally {
    await pool.end();
  }
}

async function examine(
  tool: string,
  port: number,
  key: string,
  examples: string,
  cwd: string,
): Promise<number> {
  const began = performance.now();
  const { code, output } = await capture(
    tool,
    [
      "run",
      `http://127.0.0.1:${port}/v1/openapi.json`,
      `--header=Authorization: Bearer ${key}`,
      `--checks=${CHECKS.join(",")}`,
      "--phases=examples,coverage,fuzzing",
      `--max-examples=${examples}`,
      "--generation-deterministic",
      "--request-timeout=10",
      "--workers=1",
      "--warnings=off",
      "--no-color",
    ],
    cwd,
  );
  if (code !== 0) console.log(output);
  const cases = /(\d[\d,]*) generated/.exec(output)?.[1] ?? "?";
  const operations = /Selected: (\d+)/.exec(output)?.[1] ?? "?";
  if (code === null) console.log(`schemathesis: did not end within ${DEADLINE_MS / 1000} s`);
  const failures = code === 0 ? "nothing found" : (/(\d[\d,]*) found/.exec(output)?.[1] ?? "?") + " found";
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`schemathesis: ${operations} operations, ${cases} test cases, ${failures}, ${seconds} s`);
  return code === 0 ? 0 : 1;
}

function capture(
  command: string,
  args: string[],
  cwd: string,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: DEADLINE_MS,
      killSignal: "SIGKILL",
    });
    // An interrupted run ends here too, and cleans up behind the tool.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill("SIGKILL"));
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
