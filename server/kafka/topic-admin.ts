import { setTimeout as pause } from "node:timers/promises";
import kafkajs from "kafkajs";
import { type KafkaClient, createClient } from "./client.ts";
import { within } from "../deadline.ts";
import { faultOf } from "./fault.ts";
import type { Log } from "../log.ts";

/** A partition as the broker has it. */
export interface BrokerPartition {
  id: number;
  /** Node that leads it; null: none just now, so it can be neither written nor read. */
  leader: number | null;
  replicas: number;
  inSync: number;
  /** Offset of the oldest record that is kept. */
  first: bigint;
  /** Offset that the next record gets. */
  end: bigint;
}

/** A topic's configuration in the broker; null where the broker did not tell. */
export interface BrokerTopicConfig {
  /** How long records are kept, ms; -1: for ever. */
  retentionMs: number | null;
  /** How many bytes of a partition are kept; -1: all. */
  retentionBytes: number | null;
  cleanupPolicy: string | null;
  /** Largest record batch, bytes. */
  maxMessageBytes: number | null;
  minInSyncReplicas: number | null;
}

export interface BrokerTopic {
  /** By id. */
  partitions: BrokerPartition[];
  config: BrokerTopicConfig;
}

export interface TopicAdmin {
  /** What the broker says of a topic that exists. @throws KafkaFault */
  describe(topic: string): Promise<BrokerTopic>;
}

const DESCRIBE_MS = 8000;
const LOOK_EVERY_MS = 50;
const CONFIGS = {
  retentionMs: "retention.ms",
  retentionBytes: "retention.bytes",
  cleanupPolicy: "cleanup.policy",
  maxMessageBytes: "max.message.bytes",
  minInSyncReplicas: "min.insync.replicas",
} as const satisfies Record<keyof BrokerTopicConfig, string>;

/** Looks at topics for a person. It connects for each question: operators ask now and then, a relay never does. */
export function createTopicAdmin(options: {
  brokers: readonly string[];
  clientId: string;
  log: Log;
}): TopicAdmin {
  const client = createClient(options);
  return {
    async describe(topic) {
      try {
        const until = performance.now() + DESCRIBE_MS;
        return await within(describeOnceLed(client, topic, until), DESCRIBE_MS, `looking at ${topic}`);
      } catch (error) {
        throw faultOf(error, `looking at ${topic}`);
      }
    },
  };
}

/**
 * A broker is told that it leads a partition a moment after everybody can see that it does: when a topic was just made, and
 * when a leader moves. Until then it answers NOT_LEADER_OR_FOLLOWER, which is no news for an operator.
 */
async function describeOnceLed(client: KafkaClient, topic: string, until: number): Promise<BrokerTopic> {
  for (;;) {
    try {
      return await describe(client, topic);
    } catch (error) {
      const waits = faultOf(error, topic).code === "NOT_LEADER_OR_FOLLOWER" && performance.now() < until;
      if (!waits) throw error;
    }
    await pause(LOOK_EVERY_MS);
  }
}

async function describe(client: KafkaClient, topic: string): Promise<BrokerTopic> {
  const admin = client.admin();
  try {
    await admin.connect();
    const [metadata, offsets, config] = await Promise.all([
      admin.fetchTopicMetadata({ topics: [topic] }),
      admin.fetchTopicOffsets(topic),
      readConfig(admin, topic),
    ]);
    const ranges = new Map(offsets.map((range) => [range.partition, range]));
    const partitions = (metadata.topics[0]?.partitions ?? []).map((found) => ({
      id: found.partitionId,
      leader: found.leader < 0 ? null : found.leader,
      replicas: found.replicas.length,
      inSync: found.isr.length,
      first: BigInt(ranges.get(found.partitionId)?.low ?? 0),
      end: BigInt(ranges.get(found.partitionId)?.high ?? 0),
    }));
    return { partitions: partitions.sort((a, b) => a.id - b.id), config };
  } finally {
    admin.disconnect().catch(() => undefined);
  }
}

/** Needs DescribeConfigs, which a principal may lack: then nothing of it is known. */
async function readConfig(
  admin: ReturnType<KafkaClient["admin"]>,
  topic: string,
): Promise<BrokerTopicConfig> {
  const values = new Map<string, string>();
  try {
    const configNames = Object.values(CONFIGS);
    const answer = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames }],
    });
    for (const { configName, configValue } of answer.resources[0]?.configEntries ?? [])
      values.set(configName, configValue);
  } catch {
    // told as unknown
  }
  return {
    retentionMs: toNumber(values.get(CONFIGS.retentionMs)),
    retentionBytes: toNumber(values.get(CONFIGS.retentionBytes)),
    cleanupPolicy: values.get(CONFIGS.cleanupPolicy) ?? null,
    maxMessageBytes: toNumber(values.get(CONFIGS.maxMessageBytes)),
    minInSyncReplicas: toNumber(values.get(CONFIGS.minInSyncReplicas)),
  };
}

function toNumber(text: string | undefined): number | null {
  const value = Number(text);
  return text === undefined || text === "" || !Number.isFinite(value) ? null : value;
}
