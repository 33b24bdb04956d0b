/**
 * Is anything stuck, where, since when, who must act: told from one look at the store. Pure; the overview shows it, and
 * whatever alerts later asks the same.
 */

import { HEALTH_LIMITS, type HealthSnapshot, type Problem, type Severity } from "./health-snapshot.ts";
import { anyRuns, earliest, grouped, judgeHeartbeat, lastSign, latest, sum } from "./judge-heartbeat.ts";
import { judgeLanes } from "./judge-lanes.ts";
import { judgeSubscriptions } from "./judge-subscriptions.ts";
import { neededKinds } from "./needed-kinds.ts";

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
    ...judgeSources(snapshot),
    ...judgeSubscriptions(snapshot),
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

function judgeProcesses(snapshot: HealthSnapshot): Problem[] {
  const { at, workers } = snapshot;
  const missing = neededKinds(snapshot.subscriptions)
    .filter((kind) => !anyRuns(snapshot, kind))
    .map((kind): Problem => {
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
  const { overduePrepared, overdueScheduled, stuck, unreachable, cap } = snapshot;
  const capped = (group: readonly { count: number }[]) => ({
    count: sum(group.map(({ count }) => count)),
    atLeast: sum(group.map(({ count }) => count)) >= cap,
  });
  // The cap is over all apps together: once it is reached, each app's count is a lower bound.
  const { atLeast } = capped(overduePrepared);
  const waiting = { severity: "waiting", turn: "operator" } as const;
  const away = new Set(unreachable.map(({ app }) => app));
  return [
    // Its overdue messages are overdue for no other reason.
    ...unreachable.map(
      ({ app, since, lastError }): Problem => ({
        kind: "app_unreachable",
        app,
        lastError,
        count: sum(overduePrepared.filter((row) => row.app === app).map(({ count }) => count)),
        atLeast,
        severity: "waiting",
        turn: "producer",
        since,
      }),
    ),
    ...grouped(
      overduePrepared.filter(({ app }) => !away.has(app)),
      ({ app }) => app,
    ).map(
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

function judgeSources({ at, sources }: HealthSnapshot): Problem[] {
  return sources.flatMap((source): Problem[] => {
    const common = { source: source.name, count: null, atLeast: false };
    if (source.paused !== null) {
      const { by, since, reason } = source.paused;
      return [{ kind: "source_paused", ...common, by, reason, severity: "notice", turn: "operator", since }];
    }
    if (!source.owned) {
      // A collector takes a new source within moments.
      if (at.getTime() - source.declaredAt.getTime() <= HEALTH_LIMITS.laneFreeMs) return [];
      return [{ kind: "source_unowned", ...common, severity: "stopped", turn: "platform", since: null }];
    }
    if (source.fault !== null) {
      const { code, detail, since } = source.fault;
      return [
        { kind: "source_fault", ...common, code, detail, severity: "stopped", turn: "platform", since },
      ];
    }
    if (source.refused === 0) return [];
    return [
      {
        kind: "source_refused",
        ...common,
        count: source.refused,
        severity: "waiting",
        turn: "operator",
        since: null,
      },
    ];
  });
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
