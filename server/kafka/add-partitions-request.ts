import { groupByTopic } from "./group-by-topic.ts";
import type { TopicPartition } from "./port.ts";
import { WireReader } from "./wire-reader.ts";

export const ADD_PARTITIONS_API = { key: 24, version: 1, name: "AddPartitionsToTxn" } as const;

/** The body of an AddPartitionsToTxn request: all partitions of a transaction at once, or none. */
export function encodeAddPartitions(
  transactionalId: string,
  producerId: bigint,
  producerEpoch: number,
  partitions: readonly TopicPartition[],
): Buffer {
  const topics = groupByTopic(partitions);
  let size = 2 + Buffer.byteLength(transactionalId) + 8 + 2 + 4;
  for (const [topic, of] of topics) size += 2 + Buffer.byteLength(topic) + 4 + 4 * of.length;
  const target = Buffer.allocUnsafe(size);
  let at = target.writeInt16BE(Buffer.byteLength(transactionalId), 0);
  at += target.write(transactionalId, at);
  at = target.writeBigInt64BE(producerId, at);
  at = target.writeInt16BE(producerEpoch, at);
  at = target.writeInt32BE(topics.size, at);
  for (const [topic, of] of topics) {
    at = target.writeInt16BE(Buffer.byteLength(topic), at);
    at += target.write(topic, at);
    at = target.writeInt32BE(of.length, at);
    for (const { partition } of of) at = target.writeInt32BE(partition, at);
  }
  return target;
}

export interface AddPartitionsAnswer extends TopicPartition {
  errorCode: number;
}

export function decodeAddPartitions(body: Buffer): AddPartitionsAnswer[] {
  const reader = new WireReader(body);
  reader.int32(); // throttle time
  return reader
    .array(() => {
      const topic = reader.string() ?? "";
      return reader.array(() => ({ topic, partition: reader.int32(), errorCode: reader.int16() }));
    })
    .flat();
}
