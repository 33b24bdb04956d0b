import kafkajs from "kafkajs";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { listSubscriptions } from "../../server/store/subscriptions.ts";
import { listAllTopics } from "../../server/store/topics.ts";
import { requireBroker } from "../up/stores.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { asCheck } from "./machine-checks.ts";

export interface BrokerSetting {
  brokers: string[] | undefined;
  /** SURELAY_ENV, which names the transactional ids. */
  environment: string;
  /** Whose topics should be in the broker; undefined when the database does not answer. */
  databaseUrl: string | undefined;
}

/** Whether the broker answers, takes transactions, and has the topics that are declared in the store. */
export async function checkBroker(setting: BrokerSetting): Promise<Check[]> {
  const { brokers } = setting;
  if (!brokers) {
    return [
      fail(
        "Broker",
        "KAFKA_BROKERS is not set, and no instance runs in this data folder",
        "Set KAFKA_BROKERS, or start `surelay up` and ask again.",
      ),
    ];
  }
  const remedy = "See the broker's log.";
  const reach = await asCheck("Broker", remedy, async () => {
    await requireBroker(brokers);
    return ok("Broker", brokers.join(", "));
  });
  if (reach.status === "fail") return [reach];
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = "1";
  const kafka = new kafkajs.Kafka({
    clientId: "surelay-doctor",
    brokers,
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { retries: 3 },
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const checks = [
    reach,
    await asCheck("Transactions", remedy, () => transactions(kafka, setting.environment)),
  ];
  const { databaseUrl } = setting;
  if (databaseUrl) {
    checks.push(await asCheck("Topics", remedy, () => withBoth(kafka, databaseUrl, topics)));
    checks.push(await asCheck("Subscriptions", remedy, () => withBoth(kafka, databaseUrl, subscriptions)));
  }
  return checks;
}

/** Opens and aborts an empty transaction under an id of the relay's form, which needs the coordinator and the right to it. */
async function transactions(kafka: kafkajs.Kafka, environment: string): Promise<Check> {
  const producer = kafka.producer({
    transactionalId: `surelay-${environment}-doctor`,
    maxInFlightRequests: 1,
    transactionTimeout: 10_000,
  });
  try {
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.abort();
    return ok("Transactions", "can be opened");
  } catch (error) {
    return fail(
      "Transactions",
      (error as Error).message,
      `The relay needs them. On a cluster with access control allow Write and Describe on transactional ids that begin with surelay-${environment}-.`,
    );
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}

async function withBoth(
  kafka: kafkajs.Kafka,
  databaseUrl: string,
  check: (pool: Pool, admin: kafkajs.Admin) => Promise<Check>,
): Promise<Check> {
  const pool = createPool({ url: databaseUrl, max: 1, name: "doctor", log: silentLog });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await check(pool, admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
    await pool.end();
  }
}

/** Retry and dead-letter topics too: what goes there waits as messages do. */
async function topics(pool: Pool, admin: kafkajs.Admin): Promise<Check> {
  const wanted = await listAllTopics(pool);
  const present = new Set(await admin.listTopics());
  const missing = wanted.map((topic) => topic.name).filter((name) => !present.has(name));
  if (missing.length === 0) return ok("Topics", `all ${wanted.length} declared ones are in the broker`);
  return fail(
    "Topics",
    `missing in the broker: ${missing.join(", ")}`,
    "What is to be sent there waits. Make the topics, or run `surelay apply` with the file that declares them.",
  );
}

/** Whether the groups of those subscriptions that read the broker have ever been there: a misspelt one never will be. */
async function subscriptions(pool: Pool, admin: kafkajs.Admin): Promise<Check> {
  const declared = await listSubscriptions(pool);
  const readers = declared.filter(({ ack }) => ack === "explicit" || ack === "offset");
  const known = new Set((await admin.listGroups()).groups.map(({ groupId }) => groupId));
  const absent = readers.filter(({ groupId }) => !known.has(groupId));
  if (absent.length === 0)
    return ok(
      "Subscriptions",
      `${declared.length} declared; the groups of all ${readers.length} readers are known`,
    );
  return warn(
    "Subscriptions",
    `no such consumer group in the broker: ${absent.map((one) => `${one.groupId} (${one.topic}/${one.name})`).join(", ")}`,
    "Start their consumers, or correct groupId: until then nothing of them is acknowledged.",
  );
}
