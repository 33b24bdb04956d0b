/**
 * Is anything stuck, where, since when, who must act: told from one look at the store. Pure; the overview shows it, and
 * whatever alerts later asks the same.
 */

/** Kinds of process that an installation cannot do without. */
export const NEEDED_KINDS = ["api", "relay", "recover", "sweep"] as const;
export type NeededKind = (typeof NEEDED_KINDS)[number];

/** Missed heartbeats after which a process is late, and presumed dead. */
export const LATE_BEATS = 2;
export const DEAD_BEATS = 6;

/** How long something may take before it counts as a problem, ms. */
export const HEALTH_LIMITS = {
  /** READY and not in the broker. A lane that changes its owner takes up to a lease of 12 s. */
  readyMs: 30_000,
  /** READY for so long: nothing moves there any more. */
  readyStoppedMs: 120_000,
  /** Past its check time. The producer's own confirm is often just then under way. */
  preparedGraceMs: 30_000,
  /** Past its delivery time. */
  scheduledGraceMs: 5_000,
  /** A lane without an owner: a relay that starts takes it within moments. */
  laneFreeMs: 15_000,
  /** The service's clocks apart. */
  clockMs: 2_000,
  /** How long a process that fell silent is worth a note when others of its kind go on. */
  silentNoteMs: 15 * 60_000,
} as const;

export interface HealthSnapshot {
  /** The database's clock: all ages are by it. */
  at: Date;
  /** This process's clock minus the database's, ms. */
  clockSkewMs: number;
  workers: readonly {
    kind: string;
    name: string;
    /** Since the last heartbeat, ms. */
    silentMs: number;
    /** How often it reports, ms. */
    heartbeatMs: number;
    startedAt: Date;
    stoppedAt: Date | null;
    /** An operator keeps it from taking work. */
    quiet: boolean;
  }[];
  lanes: readonly {
    lane: number;
    owner: string | null;
    expiresInMs: number | null;
    fault: { detail: string; since: Date } | null;
    paused: { by: string; since: Date; reason: string | null } | null;
    oldestReadyAt: Date | null;
    /** Messages waiting in it, counted up to a cap. */
    waiting: number;
  }[];
  topics: readonly {
    name: string;
    fault: { code: string; detail: string | null; since: Date } | null;
    paused: { by: string; since: Date; reason: string | null } | null;
    /** READY messages of the topic, exact. */
    ready: number;
  }[];
  overduePrepared: readonly { app: string; count: number; dueAt: Date }[];
  overdueScheduled: readonly { count: number; dueAt: Date }[];
  /** UNDECIDED and REJECTED, exact. */
  stuck: readonly {
    state: "UNDECIDED" | "REJECTED";
    app: string;
    topic: string;
    count: number;
    since: Date;
  }[];
  /** A count that reaches it is "at least". */
  cap: number;
}

/** `stopped`: messages do not move. `waiting`: somebody must act on some. `notice`: so on purpose, or healing. */
export type Severity = "stopped" | "waiting" | "notice";

/** Who can do something about it. */
export type Turn = "producer" | "broker" | "platform" | "operator";

interface Common {
  severity: Severity;
  turn: Turn;
  /** Null: nobody can tell since when. */
  since: Date | null;
  /** Messages concerned; null: not a matter of messages. */
  count: number | null;
  /** There are at least `count`. */
  atLeast: boolean;
}

export type Problem = Common &
  (
    | { kind: "nobody_runs"; worker: NeededKind }
    | { kind: "worker_silent"; worker: string; name: string }
    | { kind: "lanes_quiet_owner"; owner: string; lanes: number[] }
    | { kind: "lanes_free"; lanes: number[] }
    | { kind: "lane_fault"; lanes: number[]; owner: string | null; detail: string }
    | { kind: "lane_paused"; lanes: number[]; by: string; reason: string | null }
    | { kind: "ready_late"; owner: string; lanes: number[] }
    | { kind: "topic_fault"; topic: string; code: string; detail: string | null }
    | { kind: "topic_paused"; topic: string; by: string; reason: string | null }
    | { kind: "prepared_overdue"; app: string }
    | { kind: "scheduled_overdue" }
    | { kind: "undecided"; app: string }
    | { kind: "rejected"; app: string; topic: string }
    | { kind: "clock_apart"; ms: number }
  );

export interface Health {
  /** By the worst problem; notices do not count. */
  verdict: "well" | "waiting" | "stopped";
  /** Worst first, then the oldest. */
  problems: Problem[];
}

/** Everything that stands in the way, each thing once: a lane that nobody owns because no relay runs is the missing relay. */
export function judgeHealth(snapshot: HealthSnapshot): Health {
  const problems = [
    ...judgeProcesses(snapshot),
    ...judgeLanes(snapshot),
    ...judgeTopics(snapshot),
    ...judgeMessages(snapshot),
    ...judgeClock(snapshot),
  ].toSorted(byUrgency);
  const worst = problems.find((p) => p.severity !== "notice")?.severity;
  return { verdict: worst === "stopped" || worst === "waiting" ? worst : "well", problems };
}

const RANK: Record<Severity, number> = { stopped: 0, waiting: 1, notice: 2 };

function byUrgency(a: Problem, b: Problem): number {
  return RANK[a.severity] - RANK[b.severity] || timeOf(a) - timeOf(b);
}

const timeOf = ({ since }: Problem): number => since?.getTime() ?? 0;

type Worker = HealthSnapshot["workers"][number];

/** How a process stands by its heartbeats. */
export function judgeHeartbeat(
  worker: Pick<Worker, "silentMs" | "heartbeatMs" | "stoppedAt">,
): "alive" | "late" | "dead" | "stopped" {
  if (worker.stoppedAt !== null) return "stopped";
  if (worker.silentMs > DEAD_BEATS * worker.heartbeatMs) return "dead";
  return worker.silentMs > LATE_BEATS * worker.heartbeatMs ? "late" : "alive";
}

const runs = (worker: Worker): boolean => ["alive", "late"].includes(judgeHeartbeat(worker));

const anyRuns = ({ workers }: HealthSnapshot, kind: string): boolean =>
  workers.some((worker) => worker.kind === kind && runs(worker));

const lastSign = (at: Date, worker: Worker): Date =>
  worker.stoppedAt ?? new Date(at.getTime() - worker.silentMs);

const latest = (dates: readonly Date[]): Date | null =>
  dates.length === 0 ? null : new Date(Math.max(...dates.map(Number)));
const earliest = (dates: readonly (Date | null)[]): Date | null => {
  const known = dates.filter((date) => date !== null);
  return known.length === 0 ? null : new Date(Math.min(...known.map(Number)));
};
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function judgeProcesses(snapshot: HealthSnapshot): Problem[] {
  const { at, workers } = snapshot;
  const missing = NEEDED_KINDS.filter((kind) => !anyRuns(snapshot, kind)).map((kind): Problem => {
    const gone = workers.filter((worker) => worker.kind === kind).map((worker) => lastSign(at, worker));
    const ready = kind === "relay" ? sum(snapshot.topics.map((topic) => topic.ready)) : null;
    return {
      kind: "nobody_runs",
      worker: kind,
      severity: kind === "relay" || kind === "api" ? "stopped" : "waiting",
      turn: "platform",
      since: latest(gone),
      count: ready,
      atLeast: false,
    };
  });
  const silent = workers.filter(
    (worker) =>
      judgeHeartbeat(worker) === "dead" &&
      worker.silentMs < HEALTH_LIMITS.silentNoteMs &&
      anyRuns(snapshot, worker.kind) &&
      !snapshot.lanes.some(({ owner }) => owner === worker.name && worker.kind === "relay"),
  );
  return [
    ...missing,
    ...silent.map(
      (worker): Problem => ({
        kind: "worker_silent",
        worker: worker.kind,
        name: worker.name,
        severity: "notice",
        turn: "platform",
        since: lastSign(at, worker),
        count: null,
        atLeast: false,
      }),
    ),
  ];
}

type Lane = HealthSnapshot["lanes"][number];

/** Each lane has one cause at most: no relay at all, a pause, a fault, no owner, a silent owner, slowness. */
function judgeLanes(snapshot: HealthSnapshot): Problem[] {
  const { at, lanes, workers } = snapshot;
  const age = (lane: Lane) => (lane.oldestReadyAt === null ? 0 : at.getTime() - lane.oldestReadyAt.getTime());
  const late = (lane: Lane) => age(lane) > HEALTH_LIMITS.readyMs;
  const deadOwner = (lane: Lane) =>
    workers.some((w) => w.kind === "relay" && w.name === lane.owner && !runs(w));
  const relayRuns = anyRuns(snapshot, "relay");

  const paused = lanes.filter((lane) => lane.paused !== null);
  const others = lanes.filter((lane) => lane.paused === null);
  const faulty = others.filter((lane) => lane.fault !== null && relayRuns);
  const sound = relayRuns ? others.filter((lane) => lane.fault === null) : [];
  const free = sound.filter((lane) => lane.owner === null || (lane.expiresInMs ?? 0) < 0);
  const owned = sound.filter((lane) => !free.includes(lane));
  const orphaned = owned.filter(deadOwner);
  const slow = owned.filter((lane) => !orphaned.includes(lane) && late(lane));
  const waitingFree = free.filter(
    (lane) => age(lane) > HEALTH_LIMITS.laneFreeMs || -(lane.expiresInMs ?? 0) > HEALTH_LIMITS.laneFreeMs,
  );

  const about = (group: readonly Lane[]) => ({
    lanes: group.map(({ lane }) => lane),
    count: sum(group.map(({ waiting }) => waiting)),
    atLeast: group.some(({ waiting }) => waiting >= snapshot.cap),
  });
  const oldest = (group: readonly Lane[]) => earliest(group.map((lane) => lane.oldestReadyAt));
  const platform = { severity: "stopped", turn: "platform" } as const;
  return [
    ...grouped(paused, (lane) => `${lane.paused!.by} ${lane.paused!.reason}`).map(
      (group): Problem => ({
        kind: "lane_paused",
        ...about(group),
        by: group[0]!.paused!.by,
        reason: group[0]!.paused!.reason,
        severity: "notice",
        turn: "operator",
        since: earliest(group.map((lane) => lane.paused!.since)),
      }),
    ),
    ...grouped(faulty, (lane) => `${lane.owner} ${lane.fault!.detail}`).map(
      (group): Problem => ({
        kind: "lane_fault",
        ...about(group),
        owner: group[0]!.owner,
        detail: group[0]!.fault!.detail,
        severity: "stopped",
        turn: "broker",
        since: earliest(group.map((lane) => lane.fault!.since)),
      }),
    ),
    ...(waitingFree.length > 0
      ? [{ kind: "lanes_free", ...about(waitingFree), ...platform, since: oldest(waitingFree) } as const]
      : []),
    ...grouped(orphaned, (lane) => lane.owner!).map(
      (group): Problem => ({
        kind: "lanes_quiet_owner",
        owner: group[0]!.owner!,
        ...about(group),
        ...platform,
        since: latest(
          workers.filter((w) => w.kind === "relay" && w.name === group[0]!.owner).map((w) => lastSign(at, w)),
        ),
      }),
    ),
    ...grouped(slow, (lane) => lane.owner!).map(
      (group): Problem => ({
        kind: "ready_late",
        owner: group[0]!.owner!,
        ...about(group),
        severity: group.some((lane) => age(lane) > HEALTH_LIMITS.readyStoppedMs) ? "stopped" : "waiting",
        turn: "platform",
        since: oldest(group),
      }),
    ),
  ];
}

function judgeTopics({ topics }: HealthSnapshot): Problem[] {
  return topics.flatMap((topic): Problem[] => {
    const common = { topic: topic.name, count: topic.ready, atLeast: false };
    if (topic.paused !== null)
      return [
        {
          kind: "topic_paused",
          ...common,
          by: topic.paused.by,
          reason: topic.paused.reason,
          severity: "notice",
          turn: "operator",
          since: topic.paused.since,
        },
      ];
    if (topic.fault === null) return [];
    return [
      {
        kind: "topic_fault",
        ...common,
        code: topic.fault.code,
        detail: topic.fault.detail,
        severity: "stopped",
        turn: "broker",
        since: topic.fault.since,
      },
    ];
  });
}

function judgeMessages(snapshot: HealthSnapshot): Problem[] {
  const { overduePrepared, overdueScheduled, stuck, cap } = snapshot;
  const capped = (group: readonly { count: number }[]) => ({
    count: sum(group.map(({ count }) => count)),
    atLeast: sum(group.map(({ count }) => count)) >= cap,
  });
  // The cap is over all apps together: once it is reached, each app's count is a lower bound.
  const { atLeast } = capped(overduePrepared);
  const waiting = { severity: "waiting", turn: "operator" } as const;
  return [
    ...grouped(overduePrepared, ({ app }) => app).map(
      (group): Problem => ({
        kind: "prepared_overdue",
        app: group[0]!.app,
        count: capped(group).count,
        atLeast,
        severity: "waiting",
        turn: "producer",
        since: earliest(group.map(({ dueAt }) => dueAt)),
      }),
    ),
    ...(overdueScheduled.length > 0 && anyRuns(snapshot, "recover")
      ? [
          {
            kind: "scheduled_overdue",
            ...capped(overdueScheduled),
            severity: "waiting",
            turn: "platform",
            since: earliest(overdueScheduled.map(({ dueAt }) => dueAt)),
          } as const,
        ]
      : []),
    ...grouped(
      stuck.filter(({ state }) => state === "UNDECIDED"),
      ({ app }) => app,
    ).map(
      (group): Problem => ({
        kind: "undecided",
        app: group[0]!.app,
        count: sum(group.map(({ count }) => count)),
        atLeast: false,
        ...waiting,
        since: earliest(group.map(({ since }) => since)),
      }),
    ),
    ...stuck
      .filter(({ state }) => state === "REJECTED")
      .map(
        (row): Problem => ({
          kind: "rejected",
          app: row.app,
          topic: row.topic,
          count: row.count,
          atLeast: false,
          ...waiting,
          since: row.since,
        }),
      ),
  ];
}

function judgeClock({ clockSkewMs }: HealthSnapshot): Problem[] {
  if (Math.abs(clockSkewMs) <= HEALTH_LIMITS.clockMs) return [];
  return [
    {
      kind: "clock_apart",
      ms: clockSkewMs,
      severity: "notice",
      turn: "platform",
      since: null,
      count: null,
      atLeast: false,
    },
  ];
}

/** Items with the same key together, in the order in which the keys first come. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}
