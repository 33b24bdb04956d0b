import type { OutgoingRecord, PartitionBatch } from "../../server/kafka/port.ts";
import { partitionOf } from "../../server/kafka/partitioner.ts";
import { BATCH_OVERHEAD, recordSize } from "../../server/kafka/record-batch.ts";
import type { ReadyMessage } from "../../server/store/ready-messages.ts";

/** Where a topic's messages go now. */
export type Route =
  | { kind: "open"; topic: string; partitions: number; maxBatchBytes: number | null }
  /** One message at most, to see whether the topic takes it; the others wait behind it. */
  | { kind: "probe"; topic: string; partitions: number; maxBatchBytes: number | null }
  | { kind: "held" };

export interface PlannedPart extends PartitionBatch {
  topicId: number;
  messages: ReadyMessage[];
  records: OutgoingRecord[];
  /** Encoded size, bytes. */
  bytes: number;
}

export interface BatchPlan {
  parts: PlannedPart[];
  /** Messages of topics that cannot be written now. */
  held: ReadyMessage[];
  /** Messages that the topic's own limit, as we know it, rules out. */
  tooLarge: { message: ReadyMessage; topic: string; bytes: number }[];
  /** Messages that found no room: they are read again with the next batch. */
  left: number;
}

export interface PlanOptions {
  route: (topicId: number) => Route;
  record: (message: ReadyMessage) => OutgoingRecord;
  /** Most bytes of one partition's batch, whatever the topic allows. */
  maxBytes: number;
  /** Most records of a partition, by `<topic>/<partition>`. */
  limitOf: (place: string) => number;
}

/**
 * Sorts messages into one batch per partition. Once a partition is full, everything later for it is left, however small:
 * a key's messages share a partition, so this keeps their order.
 *
 * @param messages in the order they became ready, or were asked to be sent again
 */
export function planBatch(messages: readonly ReadyMessage[], options: PlanOptions): BatchPlan {
  const parts = new Map<string, PlannedPart & { closed: boolean }>();
  const plan: BatchPlan = { parts: [], held: [], tooLarge: [], left: 0 };
  const probed = new Set<number>();
  for (const message of messages) {
    const route = options.route(message.topicId);
    if (route.kind === "held" || (route.kind === "probe" && probed.has(message.topicId))) {
      plan.held.push(message);
      continue;
    }
    if (route.kind === "probe") probed.add(message.topicId);
    const record = options.record(message);
    const size = recordSize(record);
    const topicLimit = route.maxBatchBytes ?? Number.POSITIVE_INFINITY;
    if (BATCH_OVERHEAD + size > topicLimit) {
      plan.tooLarge.push({ message, topic: route.topic, bytes: BATCH_OVERHEAD + size });
      continue;
    }
    const partition = partitionOf(record.key, message.id, route.partitions);
    const place = `${route.topic}/${partition}`;
    let part = parts.get(place);
    if (!part) {
      part = {
        topic: route.topic,
        topicId: message.topicId,
        partition,
        messages: [],
        records: [],
        bytes: BATCH_OVERHEAD,
        closed: false,
      };
      parts.set(place, part);
    }
    const full =
      part.records.length > 0 &&
      (part.bytes + size > Math.min(options.maxBytes, topicLimit) ||
        part.records.length >= options.limitOf(place));
    if (part.closed || full) {
      part.closed = true;
      plan.left++;
      continue;
    }
    part.messages.push(message);
    part.records.push(record);
    part.bytes += size;
  }
  plan.parts = [...parts.values()];
  return plan;
}
