import { join } from "node:path";
import { lockFolder } from "../../local/instance-lock.ts";
import { INSTANCE_MARK, endOrphans } from "../../local/orphans.ts";
import { requireFreePort } from "../../local/ports.ts";
import { Supervisor } from "../../local/supervisor.ts";
import { type Config, readConfig } from "../../server/config/config.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { migrate } from "../../server/store/migrate.ts";
import { publishAddresses, withdrawAddresses } from "../running-instance.ts";
import { buildConsole } from "./build-console.ts";
import { type DataFolder, openDataFolder } from "./data-folder.ts";
import { EXAMPLE_KEY_FILE, applyExample, ensureExampleKeys } from "./example.ts";
import { type FirstAdmin, ensureFirstAdmin } from "./first-admin.ts";
import {
  type Surroundings,
  apiUrl,
  consoleSpec,
  consoleUrl,
  exampleSpecs,
  workerSpecs,
} from "./processes.ts";
import { type Progress, createProgress } from "./progress.ts";
import { untilAskedToStop } from "./stop-signals.ts";
import { startDatabase, startKafka } from "./stores.ts";
import { summary } from "./summary.ts";

export interface UpOptions {
  example: boolean;
  console: boolean;
}

/**
 * Starts everything on this machine, tells how to use it, and runs until a signal asks for the end; then stops in the
 * reverse order. Whatever goes wrong while starting stops what was started already.
 *
 * @throws OperatorError with a paragraph that says what to do
 */
export async function runUp(options: UpOptions): Promise<void> {
  const progress = createProgress();
  const config = readConfig(process.env);
  const root = projectRoot();
  const folder = openDataFolder(config.SURELAY_DATA_DIR, root);
  const lock = lockFolder(folder.path);
  // Inherited by everything started from here, downloads and builds included.
  process.env[INSTANCE_MARK] = folder.path;
  withdrawAddresses(folder.path);
  const supervisor = new Supervisor({ dataDir: folder.path, say: progress.say });
  const signals = untilAskedToStop(supervisor, progress);
  try {
    const starting = startAll(options, config, root, folder, supervisor, progress).then((text) =>
      console.log(text),
    );
    // A start that is broken off by a signal fails too; then the failure is of no interest.
    await Promise.race([starting.then(() => signals.asked), signals.asked]);
  } finally {
    await signals.inTime(supervisor.stop());
    withdrawAddresses(folder.path);
    lock.release();
  }
  progress.say("everything has stopped");
  // Starts that were broken off may still be waiting for something; nothing of theirs is left to wait for.
  process.exit(0);
}

async function startAll(
  options: UpOptions,
  config: Config,
  root: string,
  folder: DataFolder,
  supervisor: Supervisor,
  progress: Progress,
): Promise<string> {
  await endOrphans(folder.path, (names) =>
    progress.say(`ending what an interrupted run left behind: ${names.join(", ")}`),
  );
  await requireFreePort(config.SURELAY_API_PORT, "the API", "SURELAY_API_PORT");
  if (options.console)
    await requireFreePort(config.SURELAY_CONSOLE_PORT, "the console", "SURELAY_CONSOLE_PORT");

  const [{ database, admin }, broker] = await Promise.all([
    prepareDatabase(config, root, folder, supervisor, progress),
    startKafka(config, folder, supervisor, progress),
    options.console ? buildConsole(root, folder, supervisor, progress) : undefined,
  ]);
  const around: Surroundings = {
    root,
    config,
    folder,
    databaseUrl: database.address,
    brokers: broker.address,
  };
  publishAddresses(folder.path, { databaseUrl: database.address, kafkaBrokers: broker.address });

  const example = options.example && config.SURELAY_EXAMPLE;
  const workers = await workerSpecs(around);
  const services = options.console ? [...workers, consoleSpec(around)] : workers;
  await Promise.all([
    ...services.map((spec) => supervisor.start(spec)),
    example ? applyExample(around) : undefined,
  ]);
  if (example) {
    const keys = await ensureExampleKeys(around);
    await Promise.all(exampleSpecs(around, keys).map((spec) => supervisor.start(spec)));
  }
  return summary({
    seconds: progress.elapsedSeconds(),
    console: options.console ? consoleUrl(config) : null,
    api: apiUrl(config),
    database: database.title,
    broker: broker.title,
    workers: workers.map((spec) => spec.name).filter((name) => name !== "api"),
    exampleRate: example ? config.SURELAY_EXAMPLE_RATE : null,
    keyFile: example ? folder.pathOf(EXAMPLE_KEY_FILE) : null,
    admin,
    dataDir: folder.path,
  });
}

async function prepareDatabase(
  config: Config,
  root: string,
  folder: DataFolder,
  supervisor: Supervisor,
  progress: Progress,
) {
  const database = await startDatabase(config, folder, supervisor, progress);
  const applied = await migrate({
    url: database.address,
    folder: join(root, "prisma", "migrations"),
    lanes: config.SURELAY_LANES,
    idPastSeconds: config.SURELAY_ID_PAST_SECONDS,
    partitionsAheadDays: config.SURELAY_PARTITIONS_AHEAD_DAYS,
  });
  if (applied.length > 0) progress.say(`database schema: ${applied.length} migrations applied`);
  const pool = createPool({ url: database.address, max: 2, name: "up", log: silentLog });
  try {
    const admin: FirstAdmin = await ensureFirstAdmin(pool, folder);
    return { database, admin };
  } finally {
    await pool.end();
  }
}
