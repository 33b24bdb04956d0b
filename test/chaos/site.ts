import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import kafkajs from "kafkajs";
import { type LocalCluster, startCluster } from "../../local/kafka-cluster.ts";
import { type LocalPostgres, startPostgres } from "../../local/postgres.ts";
import { openTemporaryFolder } from "../../local/unprivileged-user.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { createTopics } from "../../server/kafka/create-topics.ts";
import { createApiKey } from "../../server/services/api-keys/create-api-key.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { migrate } from "../../server/store/migrate.ts";
import { upsertTopic } from "../../server/store/topics.ts";

export interface ChaosSite {
  folder: string;
  databaseUrl: string;
  pool: Pool;
  cluster: LocalCluster;
  topics: string[];
  apiKey: string;
  /** SIGKILL of the server and its backends, then a start on the same port and data. */
  restartPostgres(): Promise<void>;
  stop(): Promise<void>;
}

const PARTITIONS = 6;

/**
 * PostgreSQL and brokers of this run's own. fsync is off: processes are killed, the machine is not, and what was written
 * is in the page cache. synchronous_commit is on, as a killed server would lose what is not even written.
 */
export async function startSite(options: {
  brokers: number;
  lanes: number;
  /** Of the brokers, beside the usual. */
  properties?: Record<string, string>;
}): Promise<ChaosSite> {
  const folder = mkdtempSync(join(tmpdir(), "surelay-chaos-"));
  openTemporaryFolder(folder);
  const dataDir = join(folder, "postgres");
  const settings = { fsync: "off", synchronous_commit: "on", full_page_writes: "on" };
  const started = await Promise.all([
    startPostgres({ dataDir, settings }),
    startCluster({
      dataDir: join(folder, "kafka"),
      brokers: options.brokers,
      ...(options.properties && { properties: options.properties }),
    }),
  ]);
  let postgres: LocalPostgres = started[0];
  const cluster = started[1];
  const { url, port } = postgres;
  await migrate({
    url,
    folder: join(projectRoot(), "prisma/migrations"),
    lanes: options.lanes,
    idPastSeconds: 86_400,
    partitionsAheadDays: 2,
  });
  const pool = createPool({ url, max: 4, name: "chaos", log: silentLog });
  const topics = ["orders.created", "orders.paid"];
  await upsertApp(pool, { name: "orders", checkUrl: null, checkAfterSeconds: null, contact: null });
  for (const name of topics)
    await upsertTopic(pool, { name, partitions: PARTITIONS, schema: null, masked: false });
  await makeTopics(cluster.bootstrap, topics);
  const { key } = await createApiKey(pool, { app: "orders", scopes: ["produce"], createdBy: "chaos" });
  return {
    folder,
    databaseUrl: url,
    pool,
    cluster,
    topics,
    apiKey: key,
    restartPostgres: async () => {
      await postgres.kill();
      postgres = await startPostgres({ dataDir, settings, port });
    },
    stop: async () => {
      await pool.end();
      await Promise.all([postgres.stop({ immediate: true }), cluster.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function makeTopics(bootstrap: string, topics: string[]): Promise<void> {
  const admin = new kafkajs.Kafka({
    brokers: bootstrap.split(","),
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  await admin.connect();
  await createTopics(
    admin,
    topics.map((topic) => ({ topic, numPartitions: PARTITIONS, replicationFactor: -1 })),
  );
  await admin.disconnect();
}
