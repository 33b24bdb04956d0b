import { join } from "node:path";
import { endOrphans } from "../../local/orphans.ts";
import { requireFreePort } from "../../local/ports.ts";
import type { ServiceSpec, Supervisor } from "../../local/supervisor.ts";
import type { Config } from "../../server/config/config.ts";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { migrate } from "../../server/store/migrate.ts";
import { publishAddresses } from "../running-instance.ts";
import { buildConsole } from "./build-console.ts";
import type { DataFolder } from "./data-folder.ts";
import { EXAMPLE_KEY_FILE, declareExample, ensureExampleKeys } from "./example.ts";
import { ensureFirstAdmin } from "./first-admin.ts";
import {
  type Surroundings,
  apiUrl,
  consoleSpec,
  consoleUrl,
  exampleSpecs,
  needsBroker,
  workerSpecs,
} from "./processes.ts";
import type { Progress } from "./progress.ts";
import { type Broker, startDatabase, startKafka } from "./stores.ts";
import { summary } from "./summary.ts";

/** The flags of `surelay up`. */
export interface UpOptions {
  example: boolean;
  console: boolean;
}

export interface Launch {
  options: UpOptions;
  config: Config;
  root: string;
  folder: DataFolder;
  supervisor: Supervisor;
  progress: Progress;
}

/**
 * Starts everything, each part as soon as what it needs is there: most of a start is spent by processes reading their
 * own code, which they can do at the same time.
 *
 * @returns the block that says what runs where
 */
export async function startAll(launch: Launch): Promise<string> {
  const { options, config, root, folder, supervisor, progress } = launch;
  await clearTheGround(launch);
  const broker = await startKafka(config, folder, supervisor, progress);
  const built = options.console ? buildConsole(root, folder, supervisor, progress) : Promise.resolve();
  const [{ database, admin, around, specs, example }] = await Promise.all([
    prepareDatabase(launch).then(async (prepared) => {
      const databaseUrl = prepared.database.address;
      publishAddresses(folder.path, { databaseUrl, kafkaBrokers: broker.address });
      const around: Surroundings = { root, config, folder, databaseUrl, brokers: broker.address };
      const [specs, example] = await Promise.all([
        startServices(launch, around, broker, built),
        wantsExample(launch) ? broker.ready.then(() => declareExample(around)) : null,
      ]);
      return { ...prepared, around, specs, example };
    }),
    broker.ready,
    built,
  ]);
  if (example) {
    const keys = await ensureExampleKeys(around);
    await Promise.all(exampleSpecs(around, example, keys).map((spec) => supervisor.start(spec)));
  }
  return summary({
    seconds: progress.elapsedSeconds(),
    console: options.console ? consoleUrl(config) : null,
    api: apiUrl(config),
    database: database.title,
    broker: broker.title,
    workers: specs.map((spec) => spec.name).filter((name) => name !== "api"),
    exampleRate: example ? config.SURELAY_EXAMPLE_RATE : null,
    keyFile: example ? folder.pathOf(EXAMPLE_KEY_FILE) : null,
    admin,
    dataDir: folder.path,
  });
}

async function clearTheGround({ options, config, folder, progress }: Launch): Promise<void> {
  // First: orphans may still hold the ports.
  await endOrphans(folder.path, (names) =>
    progress.say(`ending what an interrupted run left behind: ${names.join(", ")}`),
  );
  await requireFreePort(config.SURELAY_API_PORT, "the API", "SURELAY_API_PORT");
  if (options.console)
    await requireFreePort(config.SURELAY_CONSOLE_PORT, "the console", "SURELAY_CONSOLE_PORT");
}

async function prepareDatabase({ config, root, folder, supervisor, progress }: Launch) {
  const database = await startDatabase(config, folder, supervisor, progress);
  const applied = await migrate({
    url: database.address,
    folder: join(root, "prisma", "migrations"),
    lanes: config.SURELAY_LANES,
    idPastSeconds: config.SURELAY_ID_PAST_SECONDS,
    partitionsAheadDays: config.SURELAY_PARTITIONS_AHEAD_DAYS,
  });
  if (applied.length > 0)
    progress.say(
      `database schema: ${applied.length} ${applied.length === 1 ? "migration" : "migrations"} applied`,
    );
  const pool = createPool({ url: database.address, max: 2, name: "up", log: silentLog });
  try {
    return { database, admin: await ensureFirstAdmin(pool, folder) };
  } finally {
    await pool.end();
  }
}

/** @returns the workers, the API among them */
async function startServices(
  launch: Launch,
  around: Surroundings,
  broker: Broker,
  built: Promise<void>,
): Promise<ServiceSpec[]> {
  const { options, supervisor } = launch;
  const specs = await workerSpecs(around);
  const startAfter = async (condition: Promise<void> | null, spec: ServiceSpec) => {
    await condition;
    await supervisor.start(spec);
  };
  const starts = specs.map((spec) => startAfter(needsBroker(spec) ? broker.ready : null, spec));
  if (options.console) starts.push(startAfter(built, consoleSpec(around)));
  await Promise.all(starts);
  return specs;
}

function wantsExample({ options, config }: Launch): boolean {
  return options.example && config.SURELAY_EXAMPLE;
}
