import { type Admin, Kafka, logLevel, type Message, type Producer } from "kafkajs";
import { newMessageId } from "../../../sdk/producer/index.ts";
import { createTopic, kafkaBootstrap, uniqueTopic } from "../../support/kafka.ts";

/** A record as the relay writes it. */
export interface RecordInput {
  id?: string;
  key?: string | Buffer | null;
  payload?: unknown;
  attempt?: number;
  partition?: number;
  headers?: Record<string, string>;
}

/** A subscription's topics, and hands on them. */
export interface Topics {
  topic: string;
  retryTopic: string;
  kafka: Kafka;
  admin: Admin;
  producer: Producer;
  /** @returns the ids, in order */
  send(records: RecordInput[], topic?: string): Promise<string[]>;
  /** What the group has not committed, of a topic, records and markers together. */
  lag(groupId: string, topic?: string): Promise<number>;
  /** Members of the group. */
  members(groupId: string): Promise<number>;
  close(): Promise<void>;
}

export async function openTopics(
  subscription: string,
  partitions = 3,
  bootstrap = kafkaBootstrap(),
): Promise<Topics> {
  const topic = await createTopic({ name: uniqueTopic("orders"), partitions });
  const retryTopic = await createTopic({ name: `${topic}.${subscription}.retry`, partitions });
  const kafka = new Kafka({ brokers: [bootstrap], clientId: "test", logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await Promise.all([admin.connect(), producer.connect()]);
  return {
    topic,
    retryTopic,
    kafka,
    admin,
    producer,
    async send(records, to = topic) {
      const messages = records.map((record) => recordOf(topic, record));
      if (messages.length > 0) await producer.send({ topic: to, messages: messages.map((m) => m.message) });
      return messages.map((m) => m.id);
    },
    async lag(groupId, of = topic) {
      const [ends, [committed]] = await Promise.all([
        admin.fetchTopicOffsets(of),
        admin.fetchOffsets({ groupId, topics: [of] }),
      ]);
      const at = new Map(committed!.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      return ends.reduce(
        (sum, { partition, high }) => sum + Number(high) - Math.max(0, at.get(partition) ?? 0),
        0,
      );
    },
    async members(groupId) {
      const { groups } = await admin.describeGroups([groupId]);
      return groups[0]?.state === "Stable" ? groups[0].members.length : 0;
    },
    async close() {
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
}

export function recordOf(topic: string, record: RecordInput): { id: string; message: Message } {
  const { id = newMessageId(), key = null, payload = {}, attempt = 1, partition, headers } = record;
  return {
    id,
    message: {
      key,
      value: JSON.stringify(payload),
      ...(partition !== undefined && { partition }),
      headers: {
        ce_specversion: "1.0",
        ce_id: id,
        ce_source: "orders",
        ce_type: topic,
        ce_time: "2026-11-21T10:00:00.000Z",
        "content-type": "application/json",
        "surelay-attempt": String(attempt),
        ...headers,
      },
    },
  };
}
