import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import { waitUntil } from "../../local/wait-until.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { TEMPLATE } from "./global-setup.ts";

export interface TestDatabase {
  url: string;
  /** For ordinary statements. */
  pool: Pool;
  /** With pinned plans, as the hot paths run. */
  hot: Pool;
}

const CLIENTS = "SELECT FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'";

/**
 * A fresh migrated database for the test file that calls this, dropped after its last test. Use the returned object
 * inside tests and hooks only: it is filled before the first of them.
 */
export function useDatabase(): TestDatabase {
  const database = {} as TestDatabase;
  const name = `test_${randomBytes(6).toString("hex")}`;
  beforeAll(async () => {
    Object.assign(database, await makeDatabase(name));
  });
  afterAll(async () => {
    await Promise.all([database.pool?.end(), database.hot?.end()]);
    await asAdmin(async (admin) => {
      // A pool has ended when it told the server so, which may not have read it yet: what is cut then is an error of nobody's.
      const left = async () => (await admin.query(CLIENTS, [name])).rowCount === 0;
      await waitUntil(left, { timeoutMs: 1000 });
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
  });
  return database;
}

async function makeDatabase(name: string): Promise<TestDatabase> {
  await asAdmin((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    pool: createPool({ url: url.href, max: 10, name: "test", log: silentLog }),
    hot: createPool({ url: url.href, max: 10, name: "test hot", log: silentLog, hot: true }),
  };
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: inject("postgresUrl") });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
