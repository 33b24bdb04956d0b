/** What a collector does with a source, as the console shows it. */
export const COLLECT_PHASES = [
  "recovering",
  "idle",
  "reading",
  "storing",
  "removing",
  "paused",
  "waiting",
] as const;
export type CollectPhase = (typeof COLLECT_PHASES)[number];

/** Part of a collector's row in `worker_instance.detail`; times are ms since the epoch. */
export interface SourceReport {
  source: string;
  epoch: string;
  phase: CollectPhase;
  /** When it came into this phase. */
  since: number;
  /** Its last pass that did not fail. */
  lastTickAt: number | null;
  /** The last batch that was stored: its rows, and how long it took from the read to the removal. */
  lastBatch: { size: number; ms: number; at: number } | null;
  /** Failures in a row, and what the last one said. */
  failures: number;
  fault: string | null;
}
