import { randomBytes } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { inject } from "vitest";
import { waitUntil } from "../../local/wait-until.ts";
import { createClient } from "../../server/kafka/client.ts";
import { createTopics } from "../../server/kafka/create-topics.ts";
import { silentLog } from "../../server/log.ts";

process.env.KAFKAJS_NO_PARTITIONER_WARNING = "1";

/** The run's broker, host:port. */
export function kafkaBootstrap(): string {
  return inject("kafkaBootstrap");
}

/** A topic name no other test uses. */
export function uniqueTopic(base = "test"): string {
  return `${base}.${randomBytes(5).toString("hex")}`;
}

/** Makes a topic and waits until it has leaders. @returns its name */
export async function createTopic(
  options: {
    name?: string;
    partitions?: number;
    config?: Record<string, string>;
  } = {},
): Promise<string> {
  const name = options.name ?? uniqueTopic();
  const admin = new Kafka({
    brokers: [kafkaBootstrap()],
    clientId: "test",
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    await createTopics(admin, [
      {
        topic: name,
        numPartitions: options.partitions ?? 3,
        replicationFactor: 1,
        configEntries: Object.entries(options.config ?? {}).map(([n, value]) => ({ name: n, value })),
      },
    ]);
    return name;
  } finally {
    await admin.disconnect();
  }
}

/** Commits an offset as a consumer group's member would; the group needs none. The client's own way takes it five seconds. */
export async function commitOffset(of: {
  groupId: string;
  topic: string;
  partition: number;
  offset: number;
  /** Another broker than the run's. */
  bootstrap?: string;
}): Promise<void> {
  const client = createClient({
    brokers: [of.bootstrap ?? kafkaBootstrap()],
    clientId: "test",
    log: silentLog,
  });
  const cluster = client.newCluster();
  await cluster.connect();
  try {
    const { groupId, topic, partition, offset } = of;
    const topics = [{ topic, partitions: [{ partition, offset: String(offset) }] }];
    const commit = async (): Promise<boolean> => {
      const broker = await cluster.findGroupCoordinator({ groupId, coordinatorType: 0 });
      try {
        const request = { groupId, groupGenerationId: -1, memberId: "", topics };
        await (broker as unknown as OffsetCommitter).offsetCommit(request);
        return true;
      } catch (error) {
        // A coordinator that is still loading says so.
        if ([14, 15, 16].includes((error as { code?: number }).code ?? 0)) return false;
        throw error;
      }
    };
    if (!(await waitUntil(commit, { timeoutMs: 10_000 }))) throw new Error(`${groupId} has no coordinator`);
  } finally {
    await cluster.disconnect();
  }
}

interface OffsetCommitter {
  offsetCommit(request: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
    topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
  }): Promise<unknown>;
}
