import { randomBytes } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";
import { inject } from "vitest";

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
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic: name,
          numPartitions: options.partitions ?? 3,
          replicationFactor: 1,
          configEntries: Object.entries(options.config ?? {}).map(([n, value]) => ({ name: n, value })),
        },
      ],
    });
    return name;
  } finally {
    await admin.disconnect();
  }
}
