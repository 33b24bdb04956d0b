import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll } from "vitest";
import { bareEnvironment } from "../../local/bare-environment.ts";
import { type Child, endChild, spawnChild } from "../../local/child.ts";
import { freePort } from "../../local/ports.ts";
import { tailFile } from "../../local/tail-file.ts";
import { openTemporaryFolder, unprivilegedUser } from "../../local/unprivileged-user.ts";
import { waitUntil } from "../../local/wait-until.ts";

/** A MariaDB of Debian's package `mariadb-server-core`, on a free port of this machine; it is there for MySQL's protocol. */
export interface Mariadb {
  /** mysql://root@127.0.0.1:port/business, a database that the test file has for itself */
  url: string;
  port: number;
  child: Child;
  stop(): Promise<void>;
}

const PATH = [process.env.PATH, "/usr/sbin", "/usr/local/sbin"].join(":");

/** A server of its own for the test file that calls this. Filled before its first test. */
export function useMariadb(): Mariadb {
  const mariadb = {} as Mariadb;
  beforeAll(async () => {
    Object.assign(mariadb, await startMariadb());
  });
  afterAll(() => mariadb.stop?.());
  return mariadb;
}

export async function startMariadb(): Promise<Mariadb> {
  const folder = mkdtempSync(join(tmpdir(), "surelay-mariadb-"));
  openTemporaryFolder(folder);
  try {
    return await start(folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function start(folder: string): Promise<Mariadb> {
  const dataDir = join(folder, "data");
  const logFile = join(folder, "mariadb.log");
  const port = await freePort();
  const settings = ["--no-defaults", `--datadir=${dataDir}`, "--innodb-log-file-size=16M"];
  const user = unprivilegedUser() ? ["--user=root"] : [];
  mkdirSync(dataDir);
  await promisify(execFile)(
    "mariadb-install-db",
    [...settings, ...user, "--auth-root-authentication-method=normal", "--skip-test-db"],
    { env: { ...bareEnvironment(), PATH } },
  );
  const child = await spawnChild({
    command: "mariadbd",
    args: [
      ...settings,
      ...user,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "pid")}`,
      "--innodb-flush-log-at-trx-commit=0", // it is thrown away
      "--max-connections=500",
    ],
    cwd: folder,
    env: { ...bareEnvironment(), PATH },
    logFile,
  });
  const name = `business_${randomBytes(4).toString("hex")}`;
  const ready = await waitUntil(() => makeDatabase(port, name), { timeoutMs: 30_000, everyMs: 50 });
  if (!ready) {
    await endChild(child, "SIGKILL", 0);
    throw new Error(`MariaDB did not start: ${tailFile(logFile, 20)}`);
  }
  return {
    url: `mysql://root@127.0.0.1:${port}/${name}`,
    port,
    child,
    async stop() {
      await endChild(child, "SIGKILL", 0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function makeDatabase(port: number, name: string): Promise<boolean> {
  try {
    const connection = await createConnection({ host: "127.0.0.1", port, user: "root" });
    await connection.query(`CREATE DATABASE IF NOT EXISTS ${name}`);
    await connection.end();
    return true;
  } catch {
    return false; // not yet
  }
}
