import kafkajs from "kafkajs";
import type { Cluster, KafkaClient } from "./client.ts";
import { within } from "../deadline.ts";
import { createTopics } from "./create-topics.ts";
import { faultOf, KafkaFault } from "./fault.ts";
import type { NewTopic, TopicFacts, TopicPartition } from "./port.ts";

const METADATA_MS = 8000;
const CONFIG_MAX_AGE_MS = 300_000;

interface Entry {
  readAt: number;
  leaders: Map<number, number>;
  maxBatchBytes: number | null;
  configReadAt: number;
}

/**
 * What a process knows of the broker's topics: partitions with their leaders, and the largest batch. One for all lanes;
 * simultaneous questions share an answer. It never guesses: whoever met a fault calls `forget` and asks again.
 */
export class TopicCatalog {
  readonly #client: KafkaClient;
  readonly #entries = new Map<string, Entry>();
  readonly #reading = new Map<string, Promise<Entry>>();
  #cluster: Promise<Cluster> | undefined;

  constructor(client: KafkaClient) {
    this.#client = client;
  }

  /** @throws KafkaFault `topic_missing` | `not_permitted` | `retry` */
  async facts(topic: string, maxAgeMs: number): Promise<TopicFacts> {
    const entry = await this.#entry(topic, maxAgeMs);
    return { partitions: entry.leaders.size, maxBatchBytes: entry.maxBatchBytes };
  }

  async leaderOf({ topic, partition }: TopicPartition): Promise<number> {
    const entry = await this.#entry(topic, Number.POSITIVE_INFINITY);
    const leader = entry.leaders.get(partition);
    if (leader === undefined || leader < 0) {
      this.forget(topic);
      throw new KafkaFault("retry", "LEADER_NOT_AVAILABLE", `${topic}/${partition} has no leader`, {
        place: { topic, partition },
      });
    }
    return leader;
  }

  /** Leaders are read anew at the next question; limits that an operator sets are kept for their time. */
  forget(topic: string): void {
    const entry = this.#entries.get(topic);
    if (entry) entry.readAt = Number.NEGATIVE_INFINITY;
  }

  forgetAll(): void {
    for (const topic of this.#entries.keys()) this.forget(topic);
  }

  async ensure(topic: NewTopic): Promise<boolean> {
    const admin = this.#client.admin();
    const work = async () => {
      await admin.connect();
      const existing = await this.facts(topic.topic, 0).catch((error: unknown) => {
        if (error instanceof KafkaFault && error.kind === "topic_missing") return null;
        throw error;
      });
      if (existing && existing.partitions < topic.partitions)
        await admin.createPartitions({
          topicPartitions: [{ topic: topic.topic, count: topic.partitions }],
        });
      if (existing) return false;
      return createTopics(admin, [
        {
          topic: topic.topic,
          numPartitions: topic.partitions,
          replicationFactor: -1, // the broker's default
          configEntries: Object.entries(topic.config ?? {}).map(([name, value]) => ({ name, value })),
        },
      ]);
    };
    try {
      return await within(work(), 20_000, `making ${topic.topic}`);
    } catch (error) {
      throw faultOf(error, `making ${topic.topic}`);
    } finally {
      admin.disconnect().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    const cluster = await this.#cluster?.catch(() => undefined);
    this.#cluster = undefined;
    if (cluster) await within(cluster.disconnect(), METADATA_MS, "disconnecting").catch(() => undefined);
  }

  async #entry(topic: string, maxAgeMs: number): Promise<Entry> {
    const known = this.#entries.get(topic);
    if (known && performance.now() - known.readAt <= maxAgeMs && known.readAt > Number.NEGATIVE_INFINITY)
      return known;
    let reading = this.#reading.get(topic);
    if (!reading) {
      reading = this.#read(topic, maxAgeMs === 0).finally(() => this.#reading.delete(topic));
      this.#reading.set(topic, reading);
    }
    return reading;
  }

  async #read(topic: string, fresh: boolean): Promise<Entry> {
    const cluster = await this.#connected();
    try {
      const leaders = await within(readLeaders(cluster, topic), METADATA_MS, `metadata of ${topic}`);
      const known = this.#entries.get(topic);
      const now = performance.now();
      const stale = fresh || !known || now - known.configReadAt > CONFIG_MAX_AGE_MS;
      const entry: Entry = {
        readAt: now,
        leaders,
        maxBatchBytes: stale ? await this.#readMaxBatchBytes(topic) : known.maxBatchBytes,
        configReadAt: stale ? now : known.configReadAt,
      };
      this.#entries.set(topic, entry);
      return entry;
    } catch (error) {
      const fault = topicFault(error, topic);
      if (fault.kind === "topic_missing") this.#entries.delete(topic);
      if (fault.kind === "retry") this.#drop(cluster);
      throw fault;
    }
  }

  /** Needs DescribeConfigs; without it the limit is unknown and too large batches are found by trying. */
  async #readMaxBatchBytes(topic: string): Promise<number | null> {
    const admin = this.#client.admin();
    try {
      const work = admin.connect().then(() =>
        admin.describeConfigs({
          includeSynonyms: false,
          resources: [
            { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ["max.message.bytes"] },
          ],
        }),
      );
      const answer = await within(work, METADATA_MS, `configuration of ${topic}`);
      const value = Number(answer.resources[0]?.configEntries[0]?.configValue);
      return Number.isFinite(value) && value > 0 ? value : null;
    } catch {
      return null;
    } finally {
      admin.disconnect().catch(() => undefined);
    }
  }

  #connected(): Promise<Cluster> {
    if (!this.#cluster) {
      const cluster = this.#client.newCluster();
      const connecting = within(cluster.connect(), METADATA_MS, "connecting").then(
        () => cluster,
        (error: unknown) => {
          if (this.#cluster === connecting) this.#cluster = undefined;
          cluster.disconnect().catch(() => undefined);
          throw faultOf(error, "connecting for metadata");
        },
      );
      this.#cluster = connecting;
    }
    return this.#cluster;
  }

  #drop(cluster: Cluster): void {
    this.#cluster = undefined;
    cluster.disconnect().catch(() => undefined);
  }
}

async function readLeaders(cluster: Cluster, topic: string): Promise<Map<number, number>> {
  const broker = await cluster.brokerPool.findConnectedBroker();
  const { topicMetadata } = await broker.metadata([topic]);
  const found = topicMetadata.find((t) => t.topic === topic);
  return new Map(found?.partitionMetadata.map((p) => [p.partitionId, p.leader]));
}

/** Metadata is where a topic's absence is decided; the same code from a partition's broker may only mean that it moved. */
function topicFault(error: unknown, topic: string): KafkaFault {
  const fault = faultOf(error, `metadata of ${topic}`);
  if (fault.code === "UNKNOWN_TOPIC_OR_PARTITION" || fault.code === "INVALID_TOPIC_EXCEPTION")
    return new KafkaFault("topic_missing", fault.code, `the broker has no topic ${topic}`, {
      place: { topic },
      cause: error,
    });
  if (fault.kind === "not_permitted")
    return new KafkaFault("not_permitted", fault.code, `topic ${topic} may not be read or written`, {
      place: { topic },
      cause: error,
    });
  return fault;
}
