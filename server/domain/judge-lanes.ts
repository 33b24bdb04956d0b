import { HEALTH_LIMITS, type HealthSnapshot, type Problem } from "./health-snapshot.ts";
import { anyRuns, earliest, grouped, lastSign, latest, runs, sum } from "./judge-heartbeat.ts";

type Lane = HealthSnapshot["lanes"][number];

/**
 * What of the lanes is a problem, lanes of the same cause together; how one stands by itself, `judgeLane` says. Each lane
 * has one cause at most: no relay at all, a pause, a fault, no owner, a silent owner, slowness.
 */
export function judgeLanes(snapshot: HealthSnapshot): Problem[] {
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
