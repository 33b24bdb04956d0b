import { backoffMs } from "./backoff.ts";

/**
 * A breaker for each app: while its producer cannot be reached nobody asks, so no message's attempts are used up and no
 * connection waits for a time-out. `closed`: ask. `open`: do not, until the probe is due. `half_open`: one check is under
 * way as a probe, and nothing else.
 */
export type BreakerState = "closed" | "open" | "half_open";

export interface BreakerView {
  state: BreakerState;
  /** How often it has opened since it was closed; 0 while closed. */
  trips: number;
}

export type BreakerEvent =
  /** A check sent while it was closed reached the app, or did not. */
  | "reached"
  | "unreachable"
  /** The time of the probe has come, or that of a probe under way has run out. */
  | "probe_due"
  /** What became of the probe. Nothing: there was nothing to ask after all. */
  | "probe_reached"
  | "probe_unreachable"
  | "probe_unused"
  /** An operator closes it. */
  | "reset";

export type BreakerMove =
  | { to: "open"; trips: number; openMs: number }
  | { to: "half_open" }
  | { to: "closed" };

/** After so many checks in a row that did not reach the app, in one process, it opens. */
export const BREAKER_FAILURES = 5;
/** How long it stays open: first, growing, at most. A producer that restarts is asked again within this. */
export const BREAKER_OPEN = { firstMs: 1000, factor: 2, maxMs: 30_000, jitter: 0.2 } as const;

/**
 * What an event does to a breaker; null: nothing. Pure; the statements of server/store/check-breakers.ts carry it out, each
 * guarded by the version that was seen.
 *
 * @param failures checks in a row that did not reach the app, this one among them
 * @param random uniform in [0, 1)
 */
export function decideBreaker(
  breaker: BreakerView,
  event: BreakerEvent,
  failures: number,
  random: number,
): BreakerMove | null {
  const open = (trips: number): BreakerMove => ({
    to: "open",
    trips,
    openMs: backoffMs(BREAKER_OPEN, trips, random),
  });
  if (event === "reset") return breaker.state === "closed" ? null : { to: "closed" };
  switch (breaker.state) {
    case "closed":
      return event === "unreachable" && failures >= BREAKER_FAILURES ? open(1) : null;
    case "open":
      // A late answer of a check that was sent before it opened says nothing about now.
      return event === "probe_due" ? { to: "half_open" } : null;
    case "half_open":
      if (event === "probe_due") return { to: "half_open" };
      if (event === "probe_reached") return { to: "closed" };
      if (event === "probe_unreachable") return open(breaker.trips + 1);
      return event === "probe_unused" ? { to: "open", trips: breaker.trips, openMs: 0 } : null;
  }
}
