import { LATE_BEATS, DEAD_BEATS, type HealthSnapshot } from "./health-snapshot.ts";

type Worker = HealthSnapshot["workers"][number];

/** How a process stands by its heartbeats. */
export function judgeHeartbeat(
  worker: Pick<Worker, "silentMs" | "heartbeatMs" | "stoppedAt">,
): "alive" | "late" | "dead" | "stopped" {
  if (worker.stoppedAt !== null) return "stopped";
  if (worker.silentMs > DEAD_BEATS * worker.heartbeatMs) return "dead";
  return worker.silentMs > LATE_BEATS * worker.heartbeatMs ? "late" : "alive";
}

export const runs = (worker: Worker): boolean => ["alive", "late"].includes(judgeHeartbeat(worker));

export const anyRuns = ({ workers }: HealthSnapshot, kind: string): boolean =>
  workers.some((worker) => worker.kind === kind && runs(worker));

export const lastSign = (at: Date, worker: Worker): Date =>
  worker.stoppedAt ?? new Date(at.getTime() - worker.silentMs);

export const latest = (dates: readonly Date[]): Date | null =>
  dates.length === 0 ? null : new Date(Math.max(...dates.map(Number)));
export const earliest = (dates: readonly (Date | null)[]): Date | null => {
  const known = dates.filter((date) => date !== null);
  return known.length === 0 ? null : new Date(Math.min(...known.map(Number)));
};
export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Items with the same key together, in the order in which the keys first come. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}
