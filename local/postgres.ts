import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { Client, escapeIdentifier } from "pg";
import { OperatorError } from "../server/errors.ts";
import { bareEnvironment } from "./bare-environment.ts";
import { type Child, endChild, spawnChild } from "./child.ts";
import { diskFull } from "./disk.ts";
import { freePort, portInUse } from "./ports.ts";
import { type PostgresBinaries, findPostgresBinaries } from "./postgres-binaries.ts";
import { childrenOf, sendSignal, startTimeOf } from "./process-info.ts";
import { tailFile } from "./tail-file.ts";
import { type UserIds, blockedAt, openTemporaryFolder, unprivilegedUser } from "./unprivileged-user.ts";
import { waitUntil } from "./wait-until.ts";

const USER = "surelay";
const PASSWORD_FILE = "surelay.password";

/** What the store wants of its server. The rest stays as PostgreSQL has it. */
const SETTINGS: Record<string, string> = {
  shared_buffers: "256MB",
  max_connections: "200",
  synchronous_commit: "on", // a 2xx of the API promises durability
  wal_level: "replica",
  max_wal_size: "4GB",
  min_wal_size: "256MB",
  checkpoint_timeout: "15min",
  checkpoint_completion_target: "0.9",
  effective_io_concurrency: "16",
  random_page_cost: "1.1",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
  log_checkpoints: "off",
  cluster_name: "surelay",
};

export interface PostgresOptions {
  /** Folder of this server alone; made at the first start. Its parent must be passable for the server's user. */
  dataDir: string;
  /** Default: a free one. */
  port?: number;
  /** Added to, and stronger than, the defaults above; e.g. `{ fsync: "off" }` for tests. */
  settings?: Record<string, string>;
  /** Made if it is missing. Default `surelay`. */
  database?: string;
  /** Where the server's own log goes. Default: `<dataDir>/surelay.log`. */
  logFile?: string;
  /** Environment of the server beside PATH, e.g. the mark by which orphans are found. */
  env?: Record<string, string>;
  /** Named in the message when the port is taken. */
  portVariable?: string;
  onProgress?: (text: string) => void;
  /** Called at once when the process exists, before it is ready. */
  onSpawn?: (child: Child) => void;
}

export interface LocalPostgres {
  /** postgresql://user:password@127.0.0.1:port/database, a superuser's. */
  url: string;
  port: number;
  pid: number;
  child: Child;
  logFile: string;
  /** Fast shutdown: sessions are ended, a checkpoint is written. `immediate`: no checkpoint, recovery at the next start. */
  stop(options?: { immediate?: boolean; deadlineMs?: number }): Promise<void>;
  /** SIGKILL of the server and all its backends, as a crash of the machine would look to them. */
  kill(): Promise<void>;
}

/**
 * Starts a PostgreSQL of our own on 127.0.0.1, with SCRAM passwords and no socket. The first start makes the
 * cluster (UTF8, builtin locale C.UTF-8: sorts alike on every machine) aside and renames it into place, so that
 * an interrupted first start leaves nothing half-made.
 *
 * @throws OperatorError `port_in_use`, `disk_full`, `unreachable_folder`, `no_embedded_postgres`,
 * `no_unprivileged_user`, `postgres_start`.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const dataDir = resolve(options.dataDir);
  const database = options.database ?? "surelay";
  const logFile = options.logFile ?? join(dataDir, "surelay.log");
  const user = unprivilegedUser();
  const binaries = findPostgresBinaries(user);
  mkdirSync(dirname(dataDir), { recursive: true });
  if (user) requirePassage(dataDir, user);

  if (!existsSync(join(dataDir, "PG_VERSION"))) {
    options.onProgress?.("making the database cluster");
    await makeCluster(dataDir, binaries, user, options);
  }
  const port = options.port ?? (await freePort());
  const password = readFileSync(join(dataDir, PASSWORD_FILE), "utf8").trim();
  const settings = {
    ...SETTINGS,
    ...options.settings,
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
  };
  const child = await spawnChild({
    command: binaries.postgres,
    args: ["-D", dataDir, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    cwd: dataDir,
    env: bareEnvironment(options.env),
    logFile,
    ...user,
  });
  options.onSpawn?.(child);
  await waitForReady(child, dataDir, logFile, port, options.portVariable ?? "SURELAY_POSTGRES_PORT");

  const urlOf = (name: string) => `postgresql://${USER}:${password}@127.0.0.1:${port}/${name}`;
  await makeDatabase(urlOf("postgres"), database);
  return {
    url: urlOf(database),
    port,
    pid: child.pid,
    child,
    logFile,
    stop: ({ immediate = false, deadlineMs = 30_000 } = {}) => stopServer(child, immediate, deadlineMs),
    kill: () => killServer(child),
  };
}

function requirePassage(dataDir: string, user: UserIds): void {
  openTemporaryFolder(dirname(dataDir));
  const blocked = blockedAt(dataDir, user);
  if (!blocked) return;
  throw new OperatorError(
    "unreachable_folder",
    `PostgreSQL cannot run as root and runs as another user, who may not enter ${blocked} on the way to its data in ${dataDir}. Set SURELAY_DATA_DIR to a folder all users may pass through (e.g. /var/lib/surelay), run \`chmod o+x ${blocked}\`, or run Surelay as an ordinary user.`,
  );
}

async function makeCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  user: UserIds | undefined,
  options: PostgresOptions,
): Promise<void> {
  const partial = join(dirname(dataDir), `${basename(dataDir)}.new`);
  const passwordFile = `${partial}.password`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  writeFileSync(passwordFile, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600 });
  if (user) {
    chownSync(partial, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const args = [
    `--pgdata=${partial}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    ...(options.settings?.fsync === "off" ? ["--no-sync"] : []),
  ];
  try {
    await promisify(execFile)(binaries.initdb, args, {
      cwd: partial,
      env: bareEnvironment(options.env),
      ...user,
    });
    renameSync(passwordFile, join(partial, PASSWORD_FILE));
    chmodSync(join(partial, PASSWORD_FILE), 0o600);
    renameSync(partial, dataDir);
  } catch (cause) {
    rmSync(partial, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
    const text = (cause as { stderr?: string }).stderr || (cause as Error).message;
    if (/No space left/.test(text) || (cause as NodeJS.ErrnoException).code === "ENOSPC")
      throw diskFull(dirname(dataDir), cause);
    throw new OperatorError(
      "postgres_start",
      `PostgreSQL could not make its data folder ${dataDir}: ${text.trim().split("\n").slice(-3).join(" ")}`,
      { cause },
    );
  }
}

/** Ready = the server itself says so in its pid file, and that pid is our living child, not a server left over. */
async function waitForReady(
  child: Child,
  dataDir: string,
  logFile: string,
  port: number,
  variable: string,
): Promise<void> {
  const isReady = () => {
    try {
      const lines = readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n");
      return Number(lines[0]) === child.pid && lines[7]?.trim() === "ready";
    } catch {
      return false; // not written yet
    }
  };
  // Recovery after a crash may replay gigabytes: five minutes, while the process lives.
  await waitUntil(() => isReady() || child.hasEnded(), { timeoutMs: 300_000, everyMs: 10 });
  if (isReady() && !child.hasEnded()) return;
  const tail = tailFile(logFile, 8);
  if (!child.hasEnded()) await killServer(child);
  if (/could not bind|Address already in use/.test(tail)) throw portInUse(port, "PostgreSQL", variable);
  if (/No space left/.test(tail)) throw diskFull(dataDir);
  throw new OperatorError(
    "postgres_start",
    `PostgreSQL did not start. The end of its log ${logFile}:\n${tail}`,
  );
}

async function makeDatabase(url: string, name: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

async function stopServer(child: Child, immediate: boolean, deadlineMs: number): Promise<void> {
  if (await endsOnSignal(child, immediate ? "SIGQUIT" : "SIGINT", deadlineMs)) return;
  await killServer(child);
}

async function endsOnSignal(child: Child, signal: NodeJS.Signals, deadlineMs: number): Promise<boolean> {
  if (child.hasEnded()) return true;
  sendSignal(child.pid, signal);
  return (await waitUntil(() => child.hasEnded(), { timeoutMs: deadlineMs, everyMs: 5 })) !== undefined;
}

async function killServer(child: Child): Promise<void> {
  if (child.hasEnded()) return;
  // Each backend is a session of its own, so a signal to the group would miss them; and a backend that outlives
  // the server for a moment holds its shared memory and makes the next start fail.
  const backends = childrenOf(child.pid);
  await endChild(child, "SIGKILL", 0);
  for (const pid of backends) sendSignal(pid, "SIGKILL");
  await waitUntil(() => backends.every((pid) => startTimeOf(pid) === null), { timeoutMs: 5000, everyMs: 5 });
}
