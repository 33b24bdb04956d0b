import { askMetadata } from "../../local/kafka-metadata.ts";
import { startBroker } from "../../local/kafka.ts";
import { INSTANCE_MARK } from "../../local/orphans.ts";
import { startPostgres } from "../../local/postgres.ts";
import type { Supervisor } from "../../local/supervisor.ts";
import type { Config } from "../../server/config/config.ts";
import { probeDatabase } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { type DataFolder, choosePort } from "./data-folder.ts";
import type { Progress } from "./progress.ts";

export interface Store {
  /** DATABASE_URL or KAFKA_BROKERS of the other processes. */
  address: string;
  /** For a person, without a password. */
  title: string;
}

/** PostgreSQL: the one that is configured, if it answers, or one of our own. */
export async function startDatabase(
  config: Config,
  folder: DataFolder,
  supervisor: Supervisor,
  progress: Progress,
): Promise<Store> {
  if (config.DATABASE_URL) {
    await probeDatabase(config.DATABASE_URL);
    const url = new URL(config.DATABASE_URL);
    return {
      address: config.DATABASE_URL,
      title: `${url.hostname}:${url.port || "5432"}${url.pathname} (DATABASE_URL)`,
    };
  }
  const port = await choosePort(folder, "PostgreSQL", config.SURELAY_POSTGRES_PORT, "SURELAY_POSTGRES_PORT");
  const dataDir = folder.postgres();
  let address = "";
  await supervisor.start({
    name: "postgres",
    kind: "postgres",
    stage: 0,
    start: async (onSpawn) => {
      const postgres = await startPostgres({
        dataDir,
        port,
        logFile: folder.logFile("postgres"),
        env: { [INSTANCE_MARK]: folder.path },
        onSpawn,
        onProgress: (text) => progress.say(`PostgreSQL: ${text}`),
      });
      address = postgres.url;
      return { child: postgres.child, logFile: postgres.logFile, stop: () => postgres.stop() };
    },
  });
  progress.say(`PostgreSQL runs on port ${port}`);
  return { address, title: `127.0.0.1:${port}, data in ${dataDir}` };
}

export interface Broker extends Store {
  /** Resolves when it answers. Known before, so that what does not need it at once can start meanwhile. */
  ready: Promise<void>;
}

/** Kafka: the one that is configured, if it answers, or one of our own. */
export async function startKafka(
  config: Config,
  folder: DataFolder,
  supervisor: Supervisor,
  progress: Progress,
): Promise<Broker> {
  if (config.KAFKA_BROKERS) {
    const address = config.KAFKA_BROKERS.join(",");
    return { address, title: `${address} (KAFKA_BROKERS)`, ready: requireBroker(config.KAFKA_BROKERS) };
  }
  const port = await choosePort(folder, "Kafka", config.SURELAY_KAFKA_PORT, "SURELAY_KAFKA_PORT");
  const started = supervisor.start({
    name: "kafka",
    kind: "kafka",
    stage: 0,
    start: async (onSpawn) => {
      const broker = await startBroker({
        dataDir: folder.kafka,
        port,
        logFile: folder.logFile("kafka"),
        env: { [INSTANCE_MARK]: folder.path },
        onSpawn,
        onProgress: progress.say,
      });
      return { child: broker.child, logFile: broker.logFile, stop: () => broker.stop() };
    },
  });
  return {
    address: `127.0.0.1:${port}`,
    title: `127.0.0.1:${port}, data in ${folder.kafka}`,
    ready: started.then(() => progress.say(`Kafka runs on port ${port}`)),
  };
}

/** @throws OperatorError `broker_unreachable` if none of the brokers answers as a Kafka broker. */
export async function requireBroker(brokers: string[]): Promise<void> {
  const answers = await Promise.all(
    brokers.map((broker) =>
      askMetadata(
        Number(broker.slice(broker.lastIndexOf(":") + 1)),
        broker.slice(0, broker.lastIndexOf(":")),
        5000,
      ),
    ),
  );
  if (answers.some((answer) => answer && answer.brokers.length > 0)) return;
  throw new OperatorError(
    "broker_unreachable",
    `No Kafka broker answers at ${brokers.join(", ")}. Start it, correct KAFKA_BROKERS (host:port, a plaintext listener), or unset KAFKA_BROKERS to use the embedded one.`,
  );
}
