import type { Pool } from "../../db.ts";
import { type AckReport, ackReportOf } from "../../domain/ack-report.ts";
import type { NeededKind } from "../../domain/health-snapshot.ts";
import { judgeHeartbeat } from "../../domain/judge-heartbeat.ts";
import { judgeLane, type LaneStanding } from "../../domain/judge-lane.ts";
import { type LaneReport, laneReportsOf } from "../../domain/lane-report.ts";
import { neededKinds } from "../../domain/needed-kinds.ts";
import { LANE_COUNT_CAP, type LaneBoardRow, readLaneBoard } from "../../store/lane-board.ts";
import { listSubscriptions } from "../../store/subscriptions.ts";
import { listWorkers, type WorkerRow } from "../../store/workers.ts";
import { SharedReading } from "../overview/shared-reading.ts";

export type Heartbeat = ReturnType<typeof judgeHeartbeat>;

/** One process, running or ended. */
export interface Instance extends Omit<WorkerRow, "detail" | "silentMs"> {
  heartbeat: Heartbeat;
  heartbeatAt: Date;
  /** Asked for and not done yet: the process reads it with its next heartbeat. */
  pending: "run" | "quiet" | "stop" | null;
  /** Where it serves, if it says so. */
  port: number | null;
  /** Lanes it says it owns; null: its kind owns none. */
  lanes: number[] | null;
  /** Acknowledgements it read from Kafka; null: its kind reads none. */
  acks: AckReport | null;
}

export interface BoardLane extends LaneBoardRow {
  standing: LaneStanding;
  /** What its owner is doing with it, as of the owner's last heartbeat. */
  work: LaneReport | null;
}

export interface WorkerBoard {
  /** The database's clock. */
  at: Date;
  instances: Instance[];
  lanes: BoardLane[];
  /** A count that reaches it is "at least". */
  countCap: number;
  /** Kinds that this installation, as it is used, cannot do without, of which no process runs. */
  missing: NeededKind[];
  /** Relays live, and an operator keeps every one of them quiet. */
  allRelaysQuiet: boolean;
  /** Versions that run now; more than one while an update is under way. */
  versions: string[];
}

const FRESH_MS = 500;
const readings = new WeakMap<Pool, SharedReading<WorkerBoard>>();

/** All processes and lanes; read once for everybody who looks within half a second. */
export function readBoard(db: Pool): Promise<WorkerBoard> {
  let reading = readings.get(db);
  if (!reading) readings.set(db, (reading = new SharedReading(FRESH_MS, () => read(db))));
  return reading.get();
}

/** Something was changed here: the next look is a new one. */
export function forgetBoard(db: Pool): void {
  readings.delete(db);
}

async function read(db: Pool): Promise<WorkerBoard> {
  const [clock, workers, lanes, subscriptions] = await Promise.all([
    db.query<{ at: Date }>("SELECT clock_timestamp() AS at"),
    listWorkers(db),
    readLaneBoard(db),
    listSubscriptions(db),
  ]);
  const { at } = clock.rows[0]!;
  const instances = workers.map((worker) => instanceOf(worker, at));
  const reports = new Map(
    workers.flatMap((worker) =>
      laneReportsOf(worker.detail).map((r) => [`${worker.name} ${r.lane}`, r] as const),
    ),
  );
  const relays = new Map(instances.filter((i) => i.kind === "relay").map((i) => [i.name, i]));
  const running = instances.filter((i) => i.heartbeat === "alive" || i.heartbeat === "late");
  const runningRelays = running.filter((i) => i.kind === "relay");
  return {
    at,
    instances,
    lanes: lanes.map((lane) =>
      boardLane(lane, relays.get(lane.owner ?? ""), reports.get(`${lane.owner} ${lane.lane}`)),
    ),
    countCap: LANE_COUNT_CAP,
    missing: neededKinds(subscriptions).filter((kind) => !running.some((i) => i.kind === kind)),
    allRelaysQuiet: runningRelays.length > 0 && runningRelays.every((i) => i.wanted !== "run"),
    versions: [...new Set(running.map((i) => i.version))].toSorted(),
  };
}

function instanceOf({ detail, silentMs, ...worker }: WorkerRow, at: Date): Instance {
  const { port, healthPort, lanes } = detail as { port?: unknown; healthPort?: unknown; lanes?: unknown };
  const heartbeat = judgeHeartbeat({ ...worker, silentMs });
  const runs = heartbeat === "alive" || heartbeat === "late";
  return {
    ...worker,
    heartbeat,
    heartbeatAt: new Date(at.getTime() - silentMs),
    pending: runs && worker.mode !== "stopping" && worker.wanted !== worker.mode ? worker.wanted : null,
    port: numberOr(port, numberOr(healthPort, null)),
    lanes: Array.isArray(lanes) ? lanes.filter((lane) => typeof lane === "number") : null,
    acks: ackReportOf(detail),
  };
}

function boardLane(
  lane: LaneBoardRow,
  owner: Instance | undefined,
  report: LaneReport | undefined,
): BoardLane {
  // A report of an earlier lease on the lane says nothing about this one.
  const work = report?.epoch === lane.epoch.toString() ? report : null;
  const standing = judgeLane({
    owner: lane.owner,
    expiresInMs: lane.expiresInMs,
    paused: lane.pausedAt !== null,
    fault: lane.faultDetail !== null,
    ownerStanding: owner?.heartbeat ?? null,
    phase: work?.phase ?? null,
  });
  return { ...lane, standing, work };
}

function numberOr(value: unknown, other: number | null): number | null {
  return typeof value === "number" ? value : other;
}
