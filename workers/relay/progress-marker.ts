import type { OutgoingRecord } from "../../server/kafka/port.ts";
import type { SentMessage } from "../../server/store/ready-messages.ts";

/**
 * What a lane writes to its partition of the progress topic: in each transaction the ids it carries, so that whoever takes
 * the lane can tell a transaction that committed from one that did not; and at each takeover a fence, up to which the
 * partition is read. The two have keys of their own: compaction keeps the last of each, and the last marker is the only
 * one whose rows can still be unmarked.
 */
export type ProgressRecord =
  | { kind: "fence"; epoch: string; owner: string }
  | {
      kind: "batch";
      epoch: string;
      /** Ids by `<topic>/<partition>`. Offsets are not known when this is written. */
      sent: Record<string, string[]>;
      /** Ids of resends, likewise. Absent: there were none. */
      resent?: Record<string, string[]>;
    };

export function progressTopic(env: string): string {
  return env === "local" ? "surelay.relay.progress" : `surelay.${env}.relay.progress`;
}

export function transactionalId(env: string, lane: number): string {
  return `surelay-${env}-lane-${lane}`;
}

/** Compacted, in small segments: a closed segment is what compaction works on, and a lane reads few records of it. */
export const PROGRESS_TOPIC_CONFIG = {
  "cleanup.policy": "compact",
  "segment.bytes": String(16 * 1024 * 1024),
  "min.cleanable.dirty.ratio": "0.1",
  // A takeover in progress must find what it is about to read; and if the database comes back without its last commits,
  // more markers than the last are needed once more.
  "min.compaction.lag.ms": "600000",
};

export function encodeProgress(record: ProgressRecord): OutgoingRecord {
  return { key: Buffer.from(record.kind), value: Buffer.from(JSON.stringify(record)), headers: [] };
}

/** @throws Error for bytes that no relay wrote: the lane must not move on past a record it cannot read */
export function decodeProgress(value: Buffer | null): ProgressRecord {
  const record = JSON.parse(value?.toString() ?? "null") as Partial<ProgressRecord> | null;
  if (record?.kind === "fence") return record as ProgressRecord;
  if (record?.kind === "batch" && typeof record.sent === "object") return record as ProgressRecord;
  throw new Error("the progress topic holds a record that is not the relay's");
}

/** The messages and the resends of a marker, as they are marked after a takeover. */
export function sentOf(record: Extract<ProgressRecord, { kind: "batch" }>): {
  sent: SentMessage[];
  resent: SentMessage[];
} {
  return { sent: placed(record.sent), resent: placed(record.resent ?? {}) };
}

function placed(byPlace: Record<string, string[]>): SentMessage[] {
  return Object.entries(byPlace).flatMap(([place, ids]) => {
    const partition = Number(place.slice(place.lastIndexOf("/") + 1));
    return ids.map((id) => ({ id, partition, offset: null }));
  });
}
