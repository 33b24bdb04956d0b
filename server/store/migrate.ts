import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { OperatorError } from "../errors.ts";
import { makePartitions, partitionsBehindDays } from "./partitions.ts";

/** The advisory lock that Prisma's own `migrate` takes, so that neither runs beside the other. */
const PRISMA_MIGRATE_LOCK = 72707369;

const HISTORY = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz,
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** The migrations of a folder laid out as Prisma lays it out, oldest first. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

export interface MigrateOptions {
  url: string;
  /** The folder prisma/migrations. */
  folder: string;
  /** Number of lanes made if there is none yet. */
  lanes: number;
  /** How far a caller's id may lie in the past, seconds: partitions are made back to there. */
  idPastSeconds: number;
  partitionsAheadDays: number;
}

/**
 * Applies what is missing, each migration whole or not at all, then makes the lanes and the partitions the store
 * needs to take its first message. Idempotent, and safe to be called by several processes at once.
 * Prisma's own engine is not used: its driver-adapter build splits a script at every semicolon, function bodies included.
 *
 * @returns names of the migrations that were applied
 * @throws OperatorError `migration_changed` | `migration_failed`
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({ connectionString: options.url, application_name: "surelay migrate" });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [PRISMA_MIGRATE_LOCK]);
    await client.query(HISTORY);
    const applied = await applyMissing(client, readMigrations(options.folder));
    await client.query(
      "INSERT INTO lane (lane) SELECT generate_series(0, $1::int - 1) WHERE NOT EXISTS (SELECT FROM lane)",
      [options.lanes],
    );
    await makePartitions(client, partitionsBehindDays(options.idPastSeconds), options.partitionsAheadDays);
    return applied;
  } finally {
    await client.end();
  }
}

async function applyMissing(client: pg.Client, migrations: Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
  );
  const done = new Map(rows.filter((r) => r.finished_at).map((r) => [r.migration_name, r.checksum]));
  const applied: string[] = [];
  for (const migration of migrations) {
    const checksum = done.get(migration.name);
    if (checksum === migration.checksum) continue;
    if (checksum !== undefined)
      throw new OperatorError(
        "migration_changed",
        `Migration ${migration.name} was changed after it was applied. Restore its file and put the change into a migration of its own.`,
      );
    await applyOne(client, migration);
    applied.push(migration.name);
  }
  return applied;
}

/** One transaction for the script and its row in the history: a failed migration leaves nothing behind. */
async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query("BEGIN");
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw new OperatorError(
      "migration_failed",
      `Migration ${migration.name} failed and was undone: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** Names of the migrations the database still lacks; all of them when it was never migrated. */
export async function pendingMigrations(url: string, folder: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: "surelay migrate" });
  await client.connect();
  try {
    const { rows } = await client.query<{ known: boolean }>(
      "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known",
    );
    if (!rows[0]?.known) return readMigrations(folder).map((m) => m.name);
    const done = await client.query<{ migration_name: string }>(
      "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
    );
    const names = new Set(done.rows.map((r) => r.migration_name));
    return readMigrations(folder)
      .map((m) => m.name)
      .filter((name) => !names.has(name));
  } finally {
    await client.end();
  }
}
