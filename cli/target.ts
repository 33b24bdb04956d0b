import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { type Config, readConfig } from "../server/config/config.ts";
import { projectRoot } from "../server/config/project-root.ts";
import { createPool, type Pool, probeDatabase } from "../server/db.ts";
import { OperatorError } from "../server/errors.ts";
import { silentLog } from "../server/log.ts";
import { pendingMigrations } from "../server/store/migrate.ts";
import { withRunningInstance } from "./running-instance.ts";

/** What a command works on. */
export interface Target {
  config: Config;
  pool: Pool;
  /** Who does it, for the audit log: `cli:<system user>`. */
  actorName: string;
}

/**
 * Runs `work` on the migrated database that the environment names, or that of the instance that runs in the data folder.
 *
 * @throws OperatorError `no_database`, `database_unreachable` and its kind, `migrations_pending`
 */
export async function withTarget<T>(work: (target: Target) => Promise<T>): Promise<T> {
  const config = commandConfig();
  const url = databaseUrlOf(config);
  await probeDatabase(url);
  const pending = await pendingMigrations(url, migrationsFolder());
  if (pending.length > 0)
    throw new OperatorError(
      "migrations_pending",
      `The database lacks ${pending.length === 1 ? "a migration" : `${pending.length} migrations`} of this version. Run \`surelay migrate\` first.`,
    );
  const pool = createPool({ url, max: 2, name: "command", log: silentLog });
  try {
    return await work({ config, pool, actorName: actorName() });
  } finally {
    await pool.end();
  }
}

/** The configuration of a command: a running instance's database and broker stand in for what is not set. */
export function commandConfig(): Config {
  return readConfig(withRunningInstance(process.env));
}

/** @throws OperatorError `no_database` */
export function databaseUrlOf(config: Config): string {
  if (config.DATABASE_URL) return config.DATABASE_URL;
  throw new OperatorError(
    "no_database",
    `DATABASE_URL is not set, and no instance runs in ${dataFolder(config)}. Name the database, such as DATABASE_URL=postgresql://user:password@host:5432/surelay, or start everything on this machine with \`npm start\`.`,
  );
}

/** @throws OperatorError `no_broker` */
export function kafkaBrokersOf(config: Config): string[] {
  if (config.KAFKA_BROKERS) return config.KAFKA_BROKERS;
  throw new OperatorError(
    "no_broker",
    `KAFKA_BROKERS is not set, and no instance runs in ${dataFolder(config)}. Name the brokers, such as KAFKA_BROKERS=host1:9092,host2:9092, or start everything on this machine with \`npm start\`.`,
  );
}

export function migrationsFolder(): string {
  return join(projectRoot(), "prisma", "migrations");
}

function dataFolder(config: Config): string {
  return resolve(projectRoot(), config.SURELAY_DATA_DIR);
}

function actorName(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return `cli:uid ${process.getuid?.() ?? "unknown"}`; // a container's user without a name
  }
}
