/** What a lane's worker is doing, as the console shows it. */
export const LANE_PHASES = [
  "recovering",
  "idle",
  "reading",
  "sending",
  "committing",
  "marking",
  "paused",
  "waiting",
] as const;
export type LanePhase = (typeof LANE_PHASES)[number];

/** Part of a relay's row in `worker_instance.detail`; times are ms since the epoch. */
export interface LaneReport {
  lane: number;
  epoch: string;
  phase: LanePhase;
  /** When it came into this phase. */
  since: number;
  /** Its last pass that did not fail. */
  lastTickAt: number | null;
  /** Messages of the transaction in hand; null: none. */
  inHand: { size: number; since: number } | null;
  /** The last transaction that committed: its messages, and how long it took from being planned to the commit. */
  lastBatch: { size: number; ms: number; at: number } | null;
  /** Failures in a row, and what the last one said. */
  failures: number;
  fault: string | null;
}

/**
 * The reports that stand in a relay's `detail`. It is written by whatever version runs there: what does not look like a
 * report is left out.
 */
export function laneReportsOf(detail: unknown): LaneReport[] {
  const work = (detail as { work?: unknown } | null)?.work;
  return Array.isArray(work) ? work.filter(isLaneReport) : [];
}

function isLaneReport(value: unknown): value is LaneReport {
  const { lane, phase, since } = (value ?? {}) as Partial<LaneReport>;
  return (
    typeof lane === "number" && typeof since === "number" && LANE_PHASES.some((known) => known === phase)
  );
}
