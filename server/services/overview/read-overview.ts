import type { Pool } from "../../db.ts";
import { HEALTH_LIMITS, type HealthSnapshot } from "../../domain/health-snapshot.ts";
import { type Health, judgeHealth } from "../../domain/judge-health.ts";
import { MESSAGE_STATES, type MessageState } from "../../domain/message-state.ts";
import { listApps } from "../../store/apps.ts";
import { readBreakerRows } from "../../store/check-breakers.ts";
import { type Arrivals, type Backlog, readArrivals, readBacklogs } from "../../store/read-flow.ts";
import {
  COUNT_CAP,
  type ExactAges,
  type LaneHead,
  readExactAges,
  readLaneHeads,
  readOverduePrepared,
  readOverdueScheduled,
} from "../../store/read-stalls.ts";
import { listTopics } from "../../store/topics.ts";
import { listWorkers } from "../../store/workers.ts";
import { type OutboxSourceItem, listSources } from "../outbox-sources/list-sources.ts";
import { type SubscriptionItem, listSubscriptions } from "../subscriptions/list-subscriptions.ts";
import { SharedReading } from "./shared-reading.ts";

/** One step of a message's way, or an exit from it. */
export interface FlowStep {
  state: MessageState;
  /** Messages that stand in it; of SENT and CANCELLED, where messages end, none are counted. */
  count: number;
  /** When the oldest of them came in; to the minute where `exact` is false. */
  oldestAt: Date | null;
  exact: boolean;
  /** Messages that came in during the last whole minute. */
  lastMinute: number;
  /** During the last five whole minutes. */
  lastFive: number;
}

/** What one app, or one topic, has under way. */
export interface Share {
  name: string;
  prepared: number;
  ready: number;
  scheduled: number;
  /** UNDECIDED and REJECTED. */
  stuck: number;
  /** Messages into Kafka during the last five whole minutes. */
  sentLastFive: number;
  /** Beginning of the minute since which something of it waits; what is scheduled waits on purpose. */
  oldestAt: Date | null;
}

/** Deliveries in one state, of all subscriptions. */
export interface DeliveriesStanding {
  /** Exact. */
  count: number;
  /** Beginning of the minute in which the oldest came into it. */
  oldestAt: Date | null;
}

export interface Overview {
  /** The database's clock. */
  at: Date;
  health: Health;
  steps: Record<MessageState, FlowStep>;
  held: { count: number; atLeast: boolean; oldestAt: Date | null };
  /** What becomes of messages at their consumers; null: nobody has subscribed. */
  deliveries: Record<"PENDING" | "WAITING" | "DEAD", DeliveriesStanding> | null;
  /** When the next scheduled message is due. */
  nextScheduledAt: Date | null;
  apps: Share[];
  topics: Share[];
  /** What a fresh installation lacks. */
  begun: { app: boolean; topic: boolean; key: boolean; message: boolean };
}

/** How old an answer may be, ms: as often as a live page asks. */
const LIFETIME_MS = 1000;
/** Per pool: in one process there is one. Pages and routes are bundled apart, so a process may hold two of these. */
const readings = new WeakMap<Pool, SharedReading<Overview>>();

/** How everything stands now: one set of small reads, shared by all who ask within a second. */
export function readOverview(db: Pool): Promise<Overview> {
  let shared = readings.get(db);
  if (shared === undefined) readings.set(db, (shared = new SharedReading(LIFETIME_MS, () => readFresh(db))));
  return shared.get();
}

async function readFresh(db: Pool): Promise<Overview> {
  const [
    { ages, clockSkewMs },
    backlogs,
    arrivals,
    lanes,
    prepared,
    scheduled,
    workers,
    topics,
    apps,
    breakers,
    sources,
    subscriptions,
  ] = await Promise.all([
    readAgesWithClock(db),
    readBacklogs(db),
    readArrivals(db),
    readLaneHeads(db, HEALTH_LIMITS.readyMs / 3),
    readOverduePrepared(db, HEALTH_LIMITS.preparedGraceMs),
    readOverdueScheduled(db, HEALTH_LIMITS.scheduledGraceMs),
    listWorkers(db),
    listTopics(db),
    listApps(db),
    readBreakerRows(db, null),
    listSources(db),
    listSubscriptions(db),
  ]);
  const appName = namesOf(apps);
  const topicName = namesOf(topics);
  const health = judgeHealth({
    at: ages.at,
    clockSkewMs,
    workers: workers.map((w) => ({ ...w, quiet: w.mode === "quiet" })),
    lanes: lanes.map(toLane),
    topics: topics.map((topic) => ({
      name: topic.name,
      fault: fault(topic),
      paused: pause(topic),
      ready: sumOf(backlogs, (b) => b.topicId === topic.id && b.state === "READY"),
    })),
    overduePrepared: prepared.map((row) => ({ ...row, app: appName(row.appId) })),
    unreachable: breakers.filter(({ state }) => state !== "closed"),
    sources: sources.map(toSource),
    subscriptions: subscriptions.map(toSubscription),
    overdueScheduled: scheduled,
    stuck: backlogs.flatMap(({ state, appId, topicId, count, oldestMinute }) =>
      state === "UNDECIDED" || state === "REJECTED"
        ? [{ state, app: appName(appId), topic: topicName(topicId), count, since: oldestMinute }]
        : [],
    ),
    cap: COUNT_CAP,
  });
  return {
    at: ages.at,
    health,
    steps: stepsOf(backlogs, arrivals, ages, lanes),
    held: { count: ages.held, atLeast: ages.held >= COUNT_CAP, oldestAt: ages.oldestHeldAt },
    deliveries: subscriptions.length === 0 ? null : deliveriesOf(subscriptions),
    nextScheduledAt: ages.nextScheduledAt,
    apps: sharesOf(apps, backlogs, arrivals, "appId"),
    topics: sharesOf(topics, backlogs, arrivals, "topicId"),
    begun: { app: apps.length > 0, topic: topics.length > 0, key: ages.anyKey, message: ages.anyMessage },
  };
}

/** @returns besides, this process's clock minus the database's, ms, as far as the time of the answer does not explain it */
async function readAgesWithClock(db: Pool): Promise<{ ages: ExactAges; clockSkewMs: number }> {
  const asked = Date.now();
  const ages = await readExactAges(db);
  const answered = Date.now();
  const apart = (asked + answered) / 2 - ages.at.getTime();
  const unexplained = Math.max(0, Math.abs(apart) - (answered - asked) / 2);
  return { ages, clockSkewMs: Math.sign(apart) * unexplained };
}

const toLane = (head: LaneHead): HealthSnapshot["lanes"][number] => ({
  lane: head.lane,
  owner: head.owner,
  expiresInMs: head.expiresInMs,
  fault: head.faultSince === null ? null : { detail: head.faultDetail ?? "", since: head.faultSince },
  paused:
    head.pausedAt === null
      ? null
      : { by: head.pausedBy ?? "", since: head.pausedAt, reason: head.pauseReason },
  oldestReadyAt: head.oldestReadyAt,
  waiting: head.waiting,
});

const toSource = (source: OutboxSourceItem): HealthSnapshot["sources"][number] => ({
  name: source.name,
  fault: fault(source),
  paused: pause(source),
  owned: source.owner !== null && (source.expiresInMs ?? -1) >= 0,
  declaredAt: source.createdAt,
  refused: source.failures,
});

const toSubscription = (subscription: SubscriptionItem): HealthSnapshot["subscriptions"][number] => {
  const {
    topic,
    name,
    ack,
    valve,
    waiting,
    fault: own,
    standstill,
    groupId,
    lag,
    ackTimeoutSeconds,
  } = subscription;
  return {
    topic,
    name,
    ack,
    paused: pause(subscription),
    fault: own && { topic: own.topic, code: own.code, since: own.since },
    disabled: valve?.disabledAt ? { since: valve.disabledAt, reason: valve.disabledReason } : null,
    throttled: valve && valve.state !== "open" ? { since: valve.since, lastError: valve.lastError } : null,
    standstill: standstill && {
      ...standstill,
      group: groupId,
      records: lag?.records ?? 0,
      ackTimeoutMs: 1000 * ackTimeoutSeconds,
    },
    waiting: waiting.WAITING?.count ?? 0,
    dead: waiting.DEAD && { count: waiting.DEAD.count, since: waiting.DEAD.oldest },
  };
};

function deliveriesOf(subscriptions: readonly SubscriptionItem[]): NonNullable<Overview["deliveries"]> {
  const of = (state: "PENDING" | "WAITING" | "DEAD"): DeliveriesStanding => {
    const here = subscriptions.flatMap(({ waiting }) => waiting[state] ?? []);
    return {
      count: here.reduce((sum, { count }) => sum + count, 0),
      oldestAt: earliest(here.map(({ oldest }) => oldest)),
    };
  };
  return { PENDING: of("PENDING"), WAITING: of("WAITING"), DEAD: of("DEAD") };
}

type Topic = Awaited<ReturnType<typeof listTopics>>[number];

const fault = ({
  faultCode,
  faultDetail,
  faultSince,
}: Pick<Topic, "faultCode" | "faultDetail" | "faultSince">) =>
  faultCode !== null && faultSince !== null
    ? { code: faultCode, detail: faultDetail, since: faultSince }
    : null;

const pause = ({ pausedAt, pausedBy, pauseReason }: Pick<Topic, "pausedAt" | "pausedBy" | "pauseReason">) =>
  pausedAt === null ? null : { by: pausedBy ?? "", since: pausedAt, reason: pauseReason };

/** A name by id; one that is gone is shown by its number. */
function namesOf(rows: readonly { id: number; name: string }[]): (id: number) => string {
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? `#${id}`;
}

const sumOf = (backlogs: readonly Backlog[], wanted: (backlog: Backlog) => boolean): number =>
  backlogs.filter(wanted).reduce((sum, { count }) => sum + count, 0);

const earliest = (dates: readonly (Date | null)[]): Date | null =>
  dates.reduce((first, date) => (date !== null && (first === null || date < first) ? date : first), null);

function stepsOf(
  backlogs: readonly Backlog[],
  arrivals: readonly Arrivals[],
  ages: ExactAges,
  lanes: readonly LaneHead[],
): Record<MessageState, FlowStep> {
  // A lane's head is its oldest: ready_seq rises with the time a message became READY.
  const heads: Partial<Record<MessageState, Date | null>> = {
    PREPARED: ages.oldestPreparedAt,
    READY: earliest([ages.oldestHeldAt, ...lanes.map((lane) => lane.oldestReadyAt)]),
  };
  const step = (state: MessageState): FlowStep => {
    const here = backlogs.filter((backlog) => backlog.state === state);
    const came = arrivals.filter((arrival) => arrival.state === state);
    return {
      state,
      count: sumOf(here, () => true),
      ...refine(earliest(here.map(({ oldestMinute }) => oldestMinute)), heads[state] ?? null),
      lastMinute: came.reduce((sum, arrival) => sum + arrival.lastMinute, 0),
      lastFive: came.reduce((sum, arrival) => sum + arrival.lastFive, 0),
    };
  };
  return Object.fromEntries(MESSAGE_STATES.map((state) => [state, step(state)])) as Record<
    MessageState,
    FlowStep
  >;
}

const MINUTE_MS = 60_000;

/**
 * The oldest by the counters, to the minute; to the millisecond where the probe's answer lies in just that minute. The
 * reads are of slightly different moments, so a probe's answer that lies elsewhere is of another message.
 */
function refine(minute: Date | null, probe: Date | null): { oldestAt: Date | null; exact: boolean } {
  if (minute === null) return { oldestAt: null, exact: true };
  const after = probe === null ? -1 : probe.getTime() - minute.getTime();
  return after >= 0 && after < MINUTE_MS
    ? { oldestAt: probe, exact: true }
    : { oldestAt: minute, exact: false };
}

function sharesOf(
  rows: readonly { id: number; name: string }[],
  backlogs: readonly Backlog[],
  arrivals: readonly Arrivals[],
  key: "appId" | "topicId",
): Share[] {
  return rows.map(({ id, name }) => {
    const here = backlogs.filter((backlog) => backlog[key] === id);
    const of = (...states: MessageState[]) => sumOf(here, ({ state }) => states.includes(state));
    return {
      name,
      prepared: of("PREPARED"),
      ready: of("READY"),
      scheduled: of("SCHEDULED"),
      stuck: of("UNDECIDED", "REJECTED"),
      sentLastFive: arrivals
        .filter((arrival) => arrival[key] === id && arrival.state === "SENT")
        .reduce((sum, { lastFive }) => sum + lastFive, 0),
      // What is scheduled waits on purpose.
      oldestAt: earliest(here.filter(({ state }) => state !== "SCHEDULED").map((b) => b.oldestMinute)),
    };
  });
}
