import type { Pool } from "../../db.ts";
import { recentActions } from "../../store/recent-changes.ts";
import { listTopics } from "../../store/topics.ts";
import { type WorkerRow, listWorkers } from "../../store/workers.ts";
import { SharedReading } from "./shared-reading.ts";

/** What changed lately beside the messages: the first thing to ask when something broke. */
export type Change = { at: Date } & (
  | {
      kind: "action";
      actor: string;
      action: string;
      targetKind: string;
      target: string;
      reason: string | null;
    }
  /** Processes that started or stopped together: a deploy, a restart. `kinds` with how many of each. */
  | { kind: "started" | "stopped"; version: string; kinds: { kind: string; count: number }[] }
  | { kind: "topic_fault"; topic: string; code: string }
);

const HOURS = 24;
const MOST = 7;
/** Processes that start within this of each other are one event, ms. */
const TOGETHER_MS = 120_000;
const LIFETIME_MS = 2000;
const readings = new WeakMap<Pool, SharedReading<Change[]>>();

/** The newest changes of the last day, newest first; shared by all who ask within two seconds. */
export function readChanges(db: Pool): Promise<Change[]> {
  let shared = readings.get(db);
  if (shared === undefined) readings.set(db, (shared = new SharedReading(LIFETIME_MS, () => readFresh(db))));
  return shared.get();
}

async function readFresh(db: Pool): Promise<Change[]> {
  const [actions, workers, topics] = await Promise.all([
    recentActions(db, MOST, HOURS),
    listWorkers(db),
    listTopics(db),
  ]);
  const since = Date.now() - HOURS * 3_600_000;
  const changes: Change[] = [
    ...actions.map((action) => ({ kind: "action" as const, ...action })),
    ...together("started", workers, (worker) => worker.startedAt),
    ...together("stopped", workers, (worker) => worker.stoppedAt),
    ...topics.flatMap(({ name, faultCode, faultSince }) =>
      faultCode === null || faultSince === null
        ? []
        : [{ kind: "topic_fault" as const, at: faultSince, topic: name, code: faultCode }],
    ),
  ];
  return changes
    .filter(({ at }) => at.getTime() > since)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
    .slice(0, MOST);
}

/** Starts or stops of one version that lie close to each other as one change, at the time of the last of them. */
export function together(
  kind: "started" | "stopped",
  workers: readonly Pick<WorkerRow, "kind" | "version" | "startedAt" | "stoppedAt">[],
  timeOf: (worker: Pick<WorkerRow, "startedAt" | "stoppedAt">) => Date | null,
): Extract<Change, { kind: "started" | "stopped" }>[] {
  const events = workers
    .flatMap((worker) => {
      const at = timeOf(worker);
      return at === null ? [] : [{ at, worker }];
    })
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const groups: (typeof events)[] = [];
  for (const event of events) {
    const open = groups.findLast((group) => group[0]!.worker.version === event.worker.version);
    if (open && event.at.getTime() - open.at(-1)!.at.getTime() <= TOGETHER_MS) open.push(event);
    else groups.push([event]);
  }
  return groups.map((group) => {
    const counts = new Map<string, number>();
    for (const { worker } of group) counts.set(worker.kind, (counts.get(worker.kind) ?? 0) + 1);
    return {
      kind,
      at: group.at(-1)!.at,
      version: group[0]!.worker.version,
      kinds: [...counts].map(([name, count]) => ({ kind: name, count })),
    };
  });
}
