import { groupByTopic } from "./group-by-topic.ts";
import { type BatchHead, type MeasuredBatch, writeBatch } from "./record-batch.ts";
import { WireReader } from "./wire-reader.ts";

/** Version 8 (brokers since 2.4): the first whose answer names the record that was refused, the last in the plain encoding. */
export const PRODUCE_API = { key: 0, version: 8, name: "Produce" } as const;

export interface ProducePart {
  topic: string;
  partition: number;
  batch: MeasuredBatch;
  head: BatchHead;
}

/**
 * The body of a Produce request for one broker, acks from all replicas.
 *
 * @param parts grouped by topic; each partition once
 * @param timeoutMs how long the broker waits for its replicas
 */
export function encodeProduce(
  transactionalId: string,
  timeoutMs: number,
  parts: readonly ProducePart[],
): Buffer {
  const topics = groupByTopic(parts);
  const id = Buffer.from(transactionalId);
  let size = 2 + id.length + 2 + 4 + 4;
  for (const [topic, of] of topics) {
    size += 2 + Buffer.byteLength(topic) + 4;
    for (const part of of) size += 8 + part.batch.size;
  }
  const target = Buffer.allocUnsafe(size);
  let at = target.writeInt16BE(id.length, 0);
  at += id.copy(target, at);
  at = target.writeInt16BE(-1, at); // acks: all
  at = target.writeInt32BE(timeoutMs, at);
  at = target.writeInt32BE(topics.size, at);
  for (const [topic, of] of topics) {
    at = target.writeInt16BE(Buffer.byteLength(topic), at);
    at += target.write(topic, at);
    at = target.writeInt32BE(of.length, at);
    for (const part of of) {
      at = target.writeInt32BE(part.partition, at);
      at = target.writeInt32BE(part.batch.size, at);
      at = writeBatch(target, at, part.batch, part.head);
    }
  }
  return target;
}

export interface ProduceAnswer {
  topic: string;
  partition: number;
  errorCode: number;
  baseOffset: bigint;
  /** Which records are at fault, if the broker says so. */
  records: { index: number; reason: string }[];
  message: string | null;
}

export function decodeProduce(body: Buffer): ProduceAnswer[] {
  const reader = new WireReader(body);
  return reader
    .array(() => {
      const topic = reader.string() ?? "";
      return reader.array(() => {
        const partition = reader.int32();
        const errorCode = reader.int16();
        const baseOffset = reader.int64();
        reader.int64(); // log append time
        reader.int64(); // log start offset
        const records = reader.array(() => ({ index: reader.int32(), reason: reader.string() ?? "" }));
        return { topic, partition, errorCode, baseOffset, records, message: reader.string() };
      });
    })
    .flat();
}
