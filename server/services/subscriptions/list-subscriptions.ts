import type { Queryable } from "../../db.ts";
import { type SubscriptionStanding, judgeSubscription } from "../../domain/subscription.ts";
import {
  type DeliveryArrivals,
  type DeliveryBacklog,
  readDeliveryArrivals,
  readDeliveryBacklogs,
} from "../../store/read-delivery-flow.ts";
import {
  type ProgressRow,
  readGroupProgress,
  readValves,
  type ValveRow,
} from "../../store/read-subscriptions.ts";
import { listSubscriptions as listRows, type SubscriptionRow } from "../../store/subscriptions.ts";
import { listAllTopics, type TopicRow } from "../../store/topics.ts";

/** What waits in one state. */
export interface DeliveriesWaiting {
  count: number;
  /** Beginning of the minute in which the oldest of them came into the state. */
  oldest: Date;
}

/** Records that a group has not committed yet; null: nobody has asked the broker. */
export interface GroupLag {
  records: number;
  /** Of these, in its retry topic. */
  retryRecords: number;
  /** When the broker was asked last, of the partition that was asked longest ago. */
  seenAt: Date;
}

/** A consumer group that has something to read in some partition and does not go on there. */
export interface Standstill {
  /** Of the partition that has stood the longest. */
  since: Date;
  /** Somebody is there: what it has in hand hangs. Or nobody reads. */
  attended: boolean;
}

/** Why one of a subscription's own topics cannot be written; what is to go there is held. */
export interface OwnTopicFault {
  topic: string;
  code: string;
  detail: string | null;
  since: Date;
}

/** A subscription with how it stands. */
export interface SubscriptionItem extends SubscriptionRow {
  fault: OwnTopicFault | null;
  standing: SubscriptionStanding;
  waiting: { [State in "PENDING" | "WAITING" | "DEAD"]: DeliveriesWaiting | null };
  /** Per second, over the last five whole minutes. */
  rate: { sent: number; acked: number; failed: number; dead: number };
  lag: GroupLag | null;
  /** Its group stands still before a record; null: it goes on, has read everything, or was never seen. */
  standstill: Standstill | null;
  /** What holds it back; null: nothing ever has. */
  valve: Omit<ValveRow, "subscriptionId"> | null;
}

/** All subscriptions by topic and name, with what waits, how fast it goes, and what holds it back. */
export async function listSubscriptions(
  db: Queryable,
  filter: { topic?: string } = {},
): Promise<SubscriptionItem[]> {
  const rows = await listRows(db);
  return withFigures(
    db,
    rows.filter(({ topic }) => filter.topic === undefined || topic === filter.topic),
  );
}

/** @param rows one of them alone is looked at without the others */
export async function withFigures(
  db: Queryable,
  rows: readonly SubscriptionRow[],
): Promise<SubscriptionItem[]> {
  const id = rows.length === 1 ? rows[0]!.id : null;
  const [topics, backlogs, arrivals, progress, valves] = await Promise.all([
    listAllTopics(db),
    readDeliveryBacklogs(db, id),
    readDeliveryArrivals(db, id),
    readGroupProgress(db, id),
    readValves(db, id),
  ]);
  const of = <T extends { subscriptionId: number }>(all: readonly T[], row: SubscriptionRow): T[] =>
    all.filter(({ subscriptionId }) => subscriptionId === row.id);
  return rows.map((row) => {
    const waiting = waitingOf(of(backlogs, row));
    const lag = lagOf(of(progress, row));
    const standstill = standstillOf(row, of(progress, row));
    const valve = valveOf(of(valves, row)[0]);
    const open = (waiting.PENDING?.count ?? 0) + (waiting.WAITING?.count ?? 0) + (lag?.records ?? 0);
    const fault = faultOf(topics, row);
    const standing = judgeSubscription({
      paused: row.pausedAt !== null,
      fault: fault !== null,
      disabled: (valve?.disabledAt ?? null) !== null,
      throttled: valve !== null && valve.state !== "open",
      dead: waiting.DEAD?.count ?? 0,
      open,
    });
    return { ...row, fault, standing, waiting, rate: rateOf(of(arrivals, row)), lag, standstill, valve };
  });
}

function faultOf(topics: readonly TopicRow[], row: SubscriptionRow): OwnTopicFault | null {
  const own = topics.filter(({ id }) => id === row.retryTopicId || id === row.deadLetterTopicId);
  const [faulty] = own.filter(({ faultSince }) => faultSince !== null);
  if (!faulty) return null;
  return {
    topic: faulty.name,
    code: faulty.faultCode!,
    detail: faulty.faultDetail,
    since: faulty.faultSince!,
  };
}

function waitingOf(backlogs: readonly DeliveryBacklog[]): SubscriptionItem["waiting"] {
  const of = (state: string): DeliveriesWaiting | null => {
    const found = backlogs.find((backlog) => backlog.state === state);
    return found ? { count: found.count, oldest: found.oldestMinute } : null;
  };
  return { PENDING: of("PENDING"), WAITING: of("WAITING"), DEAD: of("DEAD") };
}

function rateOf(arrivals: readonly DeliveryArrivals[]): SubscriptionItem["rate"] {
  const of = (state: string): number => (arrivals.find((one) => one.state === state)?.lastFive ?? 0) / 300;
  return { sent: of("PENDING"), acked: of("ACKED"), failed: of("WAITING"), dead: of("DEAD") };
}

/** A group that has committed nothing reads from wherever it is configured to: what it lacks is not known, so not counted. */
function lagOf(progress: readonly ProgressRow[]): GroupLag | null {
  if (progress.length === 0) return null;
  const lag = { records: 0, retryRecords: 0, seenAt: progress[0]!.seenAt };
  for (const { retry, committed, endOffset, seenAt } of progress) {
    const behind = committed === null ? 0 : Math.max(0, Number(BigInt(endOffset) - BigInt(committed)));
    lag.records += behind;
    if (retry) lag.retryRecords += behind;
    if (seenAt < lag.seenAt) lag.seenAt = seenAt;
  }
  return lag;
}

/**
 * Consumers that acknowledge in words may read without a group of this name: it counts once it was seen to commit. While
 * they are there, a partition without a commit is none they stand in: they may read it from its end, and deadlines count.
 */
function standstillOf({ ack }: SubscriptionRow, progress: readonly ProgressRow[]): Standstill | null {
  const explicit = ack === "explicit";
  if (explicit && progress.every(({ committed }) => committed === null)) return null;
  const stands = progress.flatMap(({ committed, headAt, attendedAt }) =>
    headAt && !(explicit && committed === null && attendedAt) ? [{ headAt, attendedAt }] : [],
  );
  if (stands.length === 0) return null;
  return {
    since: new Date(Math.min(...stands.map(({ headAt }) => headAt.getTime()))),
    attended: stands.some(({ attendedAt }) => attendedAt !== null),
  };
}

function valveOf(row: ValveRow | undefined): SubscriptionItem["valve"] {
  if (!row) return null;
  const { subscriptionId: _id, ...valve } = row;
  return valve;
}
