import { randomBytes } from "node:crypto";
import kafkajs from "kafkajs";
import { type ConsumedRecord, consoleConsumer } from "../../local/kafka-tools.ts";

const END = "test-end";

/**
 * All records of a topic that a read_committed reader sees now, by Kafka's own consumer, in the order of each partition.
 * A record of ours at the end of each partition tells where to stop: sooner than silence, and for certain.
 */
export async function readAll(topic: string, bootstrap: string): Promise<ConsumedRecord[]> {
  const ends = await writeEnds(topic, bootstrap);
  const records: ConsumedRecord[] = [];
  for await (const record of consoleConsumer({ bootstrap, topic, idleTimeoutMs: 30_000 })) {
    const name = header(record, END);
    if (name === undefined) records.push(record);
    else if (ends.delete(name) && ends.size === 0) break;
  }
  if (ends.size > 0) throw new Error(`${topic}: the end of ${[...ends].join()} was not seen`);
  return records;
}

async function writeEnds(topic: string, bootstrap: string): Promise<Set<string>> {
  const kafka = new kafkajs.Kafka({ brokers: bootstrap.split(","), logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  try {
    await Promise.all([admin.connect(), producer.connect()]);
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]!.partitions.map((p) => p.partitionId);
    const round = randomBytes(4).toString("hex");
    const messages = partitions.map((partition) => ({
      partition,
      key: END,
      value: "",
      headers: { [END]: `${round}-${partition}` },
    }));
    await producer.send({ topic, messages });
    return new Set(messages.map((m) => m.headers[END]));
  } finally {
    await Promise.all([admin.disconnect(), producer.disconnect()]);
  }
}

export function header(record: ConsumedRecord, name: string): string | undefined {
  return record.headers.find(([n]) => n === name)?.[1]?.toString();
}
