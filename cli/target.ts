import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { type Config, readConfig } from "../server/config/config.ts";
import { projectRoot } from "../server/config/project-root.ts";
import { createPool, type Pool, probeDatabase } from "../server/db.ts";
import { OperatorError } from "../server/errors.ts";
import { silentLog } from "../server/log.ts";
import { pendingMigrations } from "../server/store/migrate.ts";

/** What a command works on. */
export interface Target {
  config: Config;
  pool: Pool;
  /** Who does it, for the audit log: `cli:<system user>`. */
  actorName: string;
}

/** What `surelay up` leaves in its data folder, so that commands find the instance that runs there. */
interface LocalInstance {
  databaseUrl?: string;
  kafkaBrokers?: string;
}

/**
 * Runs `work` on the migrated database that the environment names, or on that of the instance in SURELAY_DATA_DIR.
 *
 * @throws OperatorError `no_database`, `database_unreachable` and its kind, `migrations_pending`
 */
export async function withTarget<T>(work: (target: Target) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
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

/** DATABASE_URL, or the database of the instance in SURELAY_DATA_DIR. @throws OperatorError `no_database` */
export function databaseUrlOf(config: Config): string {
  const url = config.DATABASE_URL ?? localInstance(config).databaseUrl;
  if (url) return url;
  throw new OperatorError(
    "no_database",
    `DATABASE_URL is not set, and no instance was started in ${dataFolder(config)}. Name the database, such as DATABASE_URL=postgresql://user:password@host:5432/surelay, or start everything on this machine with \`npm start\`.`,
  );
}

/** KAFKA_BROKERS, or the broker of the instance in SURELAY_DATA_DIR. @throws OperatorError `no_broker` */
export function kafkaBrokersOf(config: Config): string[] {
  const brokers = config.KAFKA_BROKERS ?? localInstance(config).kafkaBrokers?.split(",");
  if (brokers) return brokers;
  throw new OperatorError(
    "no_broker",
    `KAFKA_BROKERS is not set, and no instance was started in ${dataFolder(config)}. Name the brokers, such as KAFKA_BROKERS=host1:9092,host2:9092, or start everything on this machine with \`npm start\`.`,
  );
}

export function migrationsFolder(): string {
  return join(projectRoot(), "prisma", "migrations");
}

function dataFolder(config: Config): string {
  return resolve(projectRoot(), config.SURELAY_DATA_DIR);
}

function localInstance(config: Config): LocalInstance {
  const file = join(dataFolder(config), "instance.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as LocalInstance) : {};
}

function actorName(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return `cli:uid ${process.getuid?.() ?? "unknown"}`; // a container's user without a name
  }
}
