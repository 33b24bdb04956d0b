import { backoffMs } from "./backoff.ts";

/**
 * A valve per subscription, for redeliveries alone: while most of what its consumers get fails, delivering it again would
 * use up attempts and add to the load of whatever is failing. `open`: redeliveries flow. `throttled`: none are given out
 * until the next probe. `probing`: a few were given out, and what becomes of them decides. What is held back keeps its
 * place and its number of attempts. `shut` belongs to webhooks (workers/notify).
 */
export type ValveState = "open" | "throttled" | "probing" | "shut";

export interface ValveView {
  state: ValveState;
  /** How often it has closed since it was open; 0 while open. */
  trips: number;
  /** ms until the next probe (throttled), or until the outcome of one is waited for no longer (probing); null: open. */
  probeInMs: number | null;
}

/** What became of deliveries of the subscription since the valve came into its state, of the last two minutes at most. */
export interface Outcomes {
  failed: number;
  succeeded: number;
}

export interface ValveSituation {
  valve: ValveView;
  outcomes: Outcomes;
  /** Deliveries are due again. */
  due: boolean;
  /** Redeliveries queued for the broker, or with a consumer. */
  inFlight: number;
  /** The subscription's own, ms: a probe that nobody answers has failed after it. */
  ackTimeoutMs: number;
}

export type ValveMove =
  | { to: "open" }
  | { to: "throttled"; trips: number; heldMs: number }
  /** `probes`: most redeliveries that are given out now. */
  | { to: "probing"; probes: number; waitMs: number };

/** It closes when so many have failed and they are this share of all outcomes: a few bad messages among many are no reason. */
export const VALVE_FAILURES = 10;
export const VALVE_SHARE = 0.5;
/** It opens by itself, without a probe, when so many have succeeded and failures are the smaller share. */
export const VALVE_RECOVERED = 10;
/** Redeliveries of one probe. */
export const VALVE_PROBES = 5;
/** How long nothing is given out: first, growing, at most. A consumer that is back is noticed within this. */
export const VALVE_HELD = { firstMs: 5000, factor: 2, maxMs: 60_000, jitter: 0.2 } as const;
/** Beside the acknowledgement's own deadline, what a probe takes to reach its consumer and time out. */
const PROBE_MARGIN_MS = 15_000;

/**
 * What a valve does; null: nothing. Pure; server/store/redelivery-valves.ts carries it out, guarded by the version seen.
 *
 * @param random uniform in [0, 1)
 */
export function decideValve(situation: ValveSituation, random: number): ValveMove | null {
  const { valve, outcomes, due, inFlight, ackTimeoutMs } = situation;
  const heard = outcomes.failed + outcomes.succeeded;
  const bad = heard > 0 && outcomes.failed / heard >= VALVE_SHARE;
  const throttle = (trips: number): ValveMove => ({
    to: "throttled",
    trips,
    heldMs: backoffMs(VALVE_HELD, trips, random),
  });
  const past = (valve.probeInMs ?? 0) <= 0;
  switch (valve.state) {
    case "open":
      return bad && outcomes.failed >= VALVE_FAILURES ? throttle(1) : null;
    case "throttled":
      if (outcomes.succeeded >= VALVE_RECOVERED && !bad) return { to: "open" };
      return past && due
        ? { to: "probing", probes: VALVE_PROBES, waitMs: ackTimeoutMs + PROBE_MARGIN_MS }
        : null;
    case "probing": {
      // What was said until the time is over counts, though some of it is still with a consumer.
      const answered = heard >= VALVE_PROBES || (heard > 0 && (inFlight === 0 || past));
      if (answered) return bad ? throttle(valve.trips + 1) : { to: "open" };
      // Nobody said anything: the probe was discarded, or is held on its way. That is no failure of the consumer's.
      return past || inFlight === 0 ? throttle(valve.trips) : null;
    }
    case "shut":
      return null;
  }
}

export interface Budget {
  /** Redeliveries a second; null: as fast as the others let it. */
  ratePerSecond: number | null;
  /** What the bucket holds now. */
  tokens: number;
  maxInFlight: number;
  inFlight: number;
  /** Most of one statement. */
  batch: number;
}

/** How many redeliveries may be given out now. */
export function redeliveryBudget({ ratePerSecond, tokens, maxInFlight, inFlight, batch }: Budget): number {
  const byRate = ratePerSecond === null ? batch : Math.floor(tokens);
  return Math.max(0, Math.min(batch, byRate, maxInFlight - inFlight));
}

/** How long until the bucket holds a token, ms. */
export function nextTokenMs({ ratePerSecond, tokens }: Pick<Budget, "ratePerSecond" | "tokens">): number {
  if (ratePerSecond === null || tokens >= 1) return 0;
  return ((1 - tokens) / ratePerSecond) * 1000;
}
