import type { LanePhase } from "./lane-report.ts";

/** A lane as it is judged: its lease, what an operator wants, and what its owner says. */
export interface LaneFacts {
  owner: string | null;
  /** ms until the lease ends; negative: it ended; null: free. */
  expiresInMs: number | null;
  paused: boolean;
  fault: boolean;
  /** How the owner stands by its heartbeats; null: it never reported. */
  ownerStanding: "alive" | "late" | "dead" | "stopped" | null;
  /** What the owner said it does with it, last; null: nothing yet. */
  phase: LanePhase | null;
}

/**
 * `free`: nobody owns it. `expired`: its owner let the lease run out, whoever sees it takes it. `orphaned`: its owner has
 * fallen silent and the lease is still running out. `pausing`: a batch may still be in hand. `working`: its owner lives.
 */
export type LaneStanding = "fault" | "expired" | "orphaned" | "free" | "pausing" | "paused" | "working";

/** How a lane stands: what hinders it most, first. What of it is worth a line in the overview, `judgeLanes` says. */
export function judgeLane(lane: LaneFacts): LaneStanding {
  if (lane.owner === null) return "free";
  if (lane.expiresInMs === null || lane.expiresInMs < 0) return "expired";
  if (lane.ownerStanding === "dead" || lane.ownerStanding === "stopped") return "orphaned";
  if (lane.fault) return "fault";
  if (!lane.paused) return "working";
  return lane.phase === "paused" ? "paused" : "pausing";
}
