import type { Cluster, FetchedPartition, KafkaClient } from "./client.ts";
import { within } from "../deadline.ts";
import { faultOf, KafkaFault } from "./fault.ts";
import type { CommittedRecord } from "./port.ts";

const READ_MS = 20_000;
const FETCH_WAIT_MS = 50;
const FETCH_BYTES = 8 * 1024 * 1024;
/** Enough for the marks of many transactions, and little for one record. */
const LOOK_BYTES = 64 * 1024;
const READ_COMMITTED = 1;

export interface CommittedRange {
  topic: string;
  partition: number;
  from: bigint;
  /** A record that is known to be committed, or about to be: reading ends with it. */
  to: bigint;
}

/**
 * Reads one partition up to a known record. Its end is told by that record and nothing else: control records take offsets
 * too, so the high watermark says little, and a record is not readable until the broker has written its commit.
 *
 * @throws KafkaFault `retry` if the record does not appear in time
 */
export async function readCommitted(client: KafkaClient, range: CommittedRange): Promise<CommittedRecord[]> {
  const cluster = client.newCluster();
  try {
    return await within(read(cluster, range), READ_MS, `reading ${range.topic}/${range.partition}`);
  } catch (error) {
    throw faultOf(error, `reading ${range.topic}/${range.partition}`);
  } finally {
    cluster.disconnect().catch(() => undefined);
  }
}

async function read(cluster: Cluster, range: CommittedRange): Promise<CommittedRecord[]> {
  const { topic, partition, to } = range;
  await cluster.connect();
  await cluster.addTargetTopic(topic);
  const nodeId = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))[0];
  if (nodeId === undefined)
    throw new KafkaFault("retry", "LEADER_NOT_AVAILABLE", `${topic}/${partition} has no leader`);
  const broker = await cluster.findBroker({ nodeId });
  const start = await firstOffset(cluster, topic, partition);
  // Progress beyond the record that was just written: the topic was made anew, and all it holds is newer.
  let next = range.from > to || range.from < start ? start : range.from;
  const filter = new AbortedFilter();
  const records: CommittedRecord[] = [];
  const deadline = performance.now() + READ_MS;
  while (performance.now() < deadline) {
    const { responses } = await broker.fetch({
      maxWaitTime: FETCH_WAIT_MS,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      isolationLevel: READ_COMMITTED,
      topics: [{ topic, partitions: [{ partition, fetchOffset: next.toString(), maxBytes: FETCH_BYTES }] }],
    });
    const fetched = responses[0]?.partitions[0];
    if (!fetched) continue;
    for (const record of filter.committed(fetched)) {
      if (record.offset >= next && record.offset <= to) records.push(record);
      if (record.offset === to) return records;
    }
    const last = fetched.messages.at(-1);
    if (last && BigInt(last.offset) >= next) next = BigInt(last.offset) + 1n;
    if (next > to) break;
  }
  throw new KafkaFault("retry", "NOT_COVERED", `the record at offset ${to} did not appear`);
}

/** Offset of a record; `none`: there is none; `unclear`: for now it cannot be told (a transaction is open, the leader moves). */
export type FirstRecord = bigint | "none" | "unclear";

/**
 * The first record of [from, to) that a read_committed consumer sees.
 *
 * @param range `to` is behind the last record looked at @throws KafkaFault
 */
export async function firstCommitted(client: KafkaClient, range: CommittedRange): Promise<FirstRecord> {
  const cluster = client.newCluster();
  const what = `looking at ${range.topic}/${range.partition}`;
  try {
    return await within(lookForFirst(cluster, range), READ_MS, what);
  } catch (error) {
    throw faultOf(error, what);
  } finally {
    cluster.disconnect().catch(() => undefined);
  }
}

async function lookForFirst(
  cluster: Cluster,
  { topic, partition, from, to }: CommittedRange,
): Promise<FirstRecord> {
  await cluster.connect();
  await cluster.addTargetTopic(topic);
  const nodeId = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))[0];
  if (nodeId === undefined) return "unclear";
  const broker = await cluster.findBroker({ nodeId });
  const filter = new AbortedFilter();
  const start = await firstOffset(cluster, topic, partition);
  for (let next = from < start ? start : from; next < to; ) {
    const { responses } = await broker.fetch({
      maxWaitTime: FETCH_WAIT_MS,
      minBytes: 1,
      maxBytes: LOOK_BYTES,
      isolationLevel: READ_COMMITTED,
      topics: [{ topic, partitions: [{ partition, fetchOffset: next.toString(), maxBytes: LOOK_BYTES }] }],
    });
    const fetched = responses[0]?.partitions[0];
    if (!fetched || fetched.messages.length === 0) return "unclear";
    for (const record of filter.committed(fetched))
      if (record.offset >= next && record.offset < to) return record.offset;
    next = BigInt(fetched.messages.at(-1)!.offset) + 1n;
  }
  return "none";
}

async function firstOffset(cluster: Cluster, topic: string, partition: number): Promise<bigint> {
  const answer = await cluster.fetchTopicsOffset([
    { topic, partitions: [{ partition }], fromBeginning: true },
  ]);
  return BigInt(answer[0]?.partitions[0]?.offset ?? "0");
}

/**
 * Drops what aborted transactions wrote. The broker lists them by producer and first offset, in no order that can be
 * relied on; each ends at its producer's next control record, of whatever kind.
 */
export class AbortedFilter {
  readonly #aborting = new Set<string>();
  readonly #known = new Set<string>();

  *committed(fetched: FetchedPartition): Generator<CommittedRecord> {
    const aborted = (fetched.abortedTransactions ?? [])
      .map((a) => ({ producer: String(a.producerId), first: BigInt(a.firstOffset) }))
      .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    let index = 0;
    for (const message of fetched.messages) {
      const offset = BigInt(message.offset);
      const producer = String(message.batchContext.producerId);
      for (; index < aborted.length && aborted[index]!.first <= offset; index++) {
        const { producer: of, first } = aborted[index]!;
        // The same transaction is listed by every fetch it reaches into; its control record ends it once.
        if (this.#known.has(`${of}:${first}`)) continue;
        this.#known.add(`${of}:${first}`);
        this.#aborting.add(of);
      }
      if (message.isControlRecord) this.#aborting.delete(producer);
      else if (!(message.batchContext.inTransaction && this.#aborting.has(producer)))
        yield { offset, value: message.value };
    }
  }
}
