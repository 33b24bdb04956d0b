import type { Queryable } from "../../server/db.ts";
import { within } from "../../server/deadline.ts";
import type { KafkaFault } from "../../server/kafka/fault.ts";
import type { TransactionalProducer } from "../../server/kafka/port.ts";
import { checkLane } from "../../server/store/lanes.ts";
import { dropSettledResends, refuseResends } from "../../server/store/due-resends.ts";
import {
  markSent,
  type ReadyMessage,
  rejectMessages,
  type SentMessage,
} from "../../server/store/ready-messages.ts";
import { type Lease, LeaseLost } from "./lease-keeper.ts";
import type { PartitionShares } from "./partition-shares.ts";
import type { PlannedPart } from "./plan-batch.ts";
import { encodeProgress } from "./progress-marker.ts";
import type { RelayMetrics } from "./relay-metrics.ts";

const STATEMENT_MS = 20_000;

export interface SendDeps {
  /** Plans pinned. */
  hot: Queryable;
  progressTopic: string;
  metrics: RelayMetrics;
  /** Told of each step as it begins; shown beside the heartbeat. */
  onPhase: (phase: "sending" | "committing" | "marking") => void;
}

/** A batch that the broker has committed and the database is about to know of. */
export interface SentBatch {
  /** What it was read by: ids of messages, and of resends. */
  ids: Set<string>;
  /** How many of them are resends. */
  resent: number;
  /** Where the lane's progress stands with it. */
  progressOffset: bigint;
  /** Resolves with how many messages were marked SENT. A failure means that the lane has to be taken again. */
  marked: Promise<number>;
}

/**
 * One Kafka transaction: the marker that names the batch, and the batch; then, in the database, SENT. If this throws, the
 * producer's state in the broker is unknown and the lane has to be taken again, which finds out.
 *
 * @param settle waits until the batch before this one is marked. That is done last of all before the commit: the marking of
 * one batch overlaps the sending of the next, and still no more than one committed batch is ever unmarked.
 * @param progressOffset where the lane's progress stands before it
 * @throws LeaseLost, KafkaFault, database errors
 */
export async function sendBatch(
  lease: Lease,
  producer: TransactionalProducer,
  parts: readonly PlannedPart[],
  progressOffset: bigint,
  settle: () => Promise<void>,
  deps: SendDeps,
): Promise<SentBatch> {
  const { metrics } = deps;
  const progress = { topic: deps.progressTopic, partition: lease.lane };
  lease.require();
  deps.onPhase("sending");
  await metrics.time("begin", () => producer.begin([progress, ...parts]));
  const marker = encodeProgress({ kind: "batch", epoch: lease.epoch.toString(), ...idsByPlace(parts) });
  const [markerOffset, ...offsets] = await metrics.time("send", () =>
    producer.send([{ ...progress, records: [marker] }, ...parts]),
  );
  deps.onPhase("marking");
  await settle();
  lease.require(); // spares a takeover in progress the wait for our commit
  deps.onPhase("committing");
  await metrics.time("commit", () => producer.commit());

  const sent: SentMessage[] = [];
  const resent: SentMessage[] = [];
  parts.forEach((part, i) => {
    let offset = offsets[i]!;
    for (const message of part.messages)
      (message.resendId === null ? sent : resent).push({
        id: queueIdOf(message),
        partition: part.partition,
        offset: offset++,
      });
  });
  const marked = metrics.time("mark", () =>
    mark(lease, { progressOffset: markerOffset!, after: progressOffset, sent, resent }, deps.hot),
  );
  marked.catch(() => undefined); // whoever waits for it hears of it
  const ids = new Set([...sent, ...resent].map((m) => m.id));
  return { ids, resent: resent.length, progressOffset: markerOffset!, marked };
}

/** What an entry of a batch was read by and is marked by: a message may stand in the store while its resend is on its way. */
export function queueIdOf(message: ReadyMessage): string {
  return message.resendId ?? message.id;
}

function idsByPlace(parts: readonly PlannedPart[]) {
  const sent: Record<string, string[]> = {};
  const resent: Record<string, string[]> = {};
  for (const { topic, partition, messages } of parts)
    for (const message of messages)
      ((message.resendId === null ? sent : resent)[`${topic}/${partition}`] ??= []).push(queueIdOf(message));
  return Object.keys(resent).length > 0 ? { sent, resent } : { sent };
}

/** What is not marked here is committed all the same: whoever recovers the lane finds the marker and marks it. */
async function mark(
  lease: Lease,
  batch: {
    progressOffset: bigint;
    after: bigint;
    sent: readonly SentMessage[];
    resent: readonly SentMessage[];
  },
  hot: Queryable,
): Promise<number> {
  const { lane, epoch } = lease;
  const { leaseHeld, moved } = await within(
    markSent(hot, { lane, epoch, ...batch }),
    STATEMENT_MS,
    "marking a batch sent",
  );
  if (leaseHeld) return moved;
  if (await within(checkLane(hot, lease), STATEMENT_MS, "checking the lease"))
    throw new Error(`the database has forgotten how far lane ${lane} had come`);
  throw new LeaseLost(lane);
}

/**
 * Leaves out, and takes out of the queue, redeliveries that nobody waits for any more. One that is acknowledged after this is
 * sent all the same: its consumer skips it.
 *
 * @throws LeaseLost
 */
export async function dropSettled(
  { lane, epoch }: Lease,
  messages: readonly ReadyMessage[],
  hot: Queryable,
): Promise<readonly ReadyMessage[]> {
  const ids = messages.flatMap((message) => (message.subscription === null ? [] : (message.resendId ?? [])));
  if (ids.length === 0) return messages;
  const { leaseHeld, dropped } = await within(
    dropSettledResends(hot, { lane, epoch, ids }),
    STATEMENT_MS,
    "dropping redeliveries that are settled",
  );
  if (!leaseHeld) throw new LeaseLost(lane);
  return dropped.length === 0
    ? messages
    : messages.filter(({ resendId }) => !dropped.includes(resendId ?? ""));
}

/**
 * Takes the messages that a refused batch is refused for out of the way, if it can be told which: the broker names them, or
 * the batch had but one. Otherwise the partition's next batch is half as long.
 *
 * Safe before the lane is taken again: nobody but this producer could commit the transaction, and it never will.
 *
 * @returns ids of the messages that were refused
 */
export async function rejectRefused(
  lease: Lease,
  fault: KafkaFault,
  parts: readonly PlannedPart[],
  shares: PartitionShares,
  hot: Queryable,
): Promise<string[]> {
  const { topic, partition, records } = fault.place;
  const part = parts.find((p) => p.topic === topic && p.partition === partition);
  if (!part) throw fault; // the marker itself was refused: nothing to be mended by leaving messages out
  const rejected = (records ?? [])
    .filter(({ index }) => part.messages[index] !== undefined)
    .map(({ index, reason }) => ({ message: part.messages[index]!, reason: `${fault.code}: ${reason}` }));
  if (rejected.length === 0 && shares.refused(`${topic}/${partition}`, part.messages.length))
    rejected.push({ message: part.messages[0]!, reason: fault.message });
  return reject(lease, rejected, hot);
}

/**
 * READY → REJECTED; a refused resend leaves its queue, and its message, which the broker has had, stays as it is.
 *
 * @returns ids of the messages
 * @throws LeaseLost
 */
export async function reject(
  { lane, epoch }: Lease,
  refused: readonly { message: ReadyMessage; reason: string }[],
  hot: Queryable,
): Promise<string[]> {
  const of = (resends: boolean) =>
    refused
      .filter(({ message }) => (message.resendId !== null) === resends)
      .map(({ message, reason }) => ({ id: queueIdOf(message), reason }));
  const [rejected, resends] = [of(false), of(true)];
  if (rejected.length > 0 && !(await rejectMessages(hot, { lane, epoch, rejected })).leaseHeld)
    throw new LeaseLost(lane);
  if (resends.length > 0 && !(await refuseResends(hot, { lane, epoch, refused: resends })).leaseHeld)
    throw new LeaseLost(lane);
  return refused.map(({ message }) => message.id);
}
