import { backoffMs } from "../../server/domain/backoff.ts";
import type { WebhookResult } from "../../server/domain/decide-webhook.ts";

/** After so many calls in a row that reached nobody, an endpoint is called by one call at a time. */
const SUSPECT_AFTER = 3;
/** And rests between them: first, growing, at most. A receiver that comes back is found within this. */
const REST = { firstMs: 1000, factor: 2, maxMs: 30_000, jitter: 0.2 } as const;

interface Pace {
  unreached: number;
  /** By `performance.now()`. */
  restsUntil: number;
}

/**
 * Spares endpoints that cannot be reached, and everybody else's slots: while nobody answers, attempts are used up by one
 * call at a time, seconds apart, and the rest of the backlog stays uncounted. In each process's memory, so N replicas make
 * N calls at a time; a success ends it.
 */
export class EndpointPace {
  readonly #paces = new Map<number, Pace>();

  /** @param now `performance.now()` @param random uniform in [0, 1) @returns whether to leave alone what waits for it */
  note(id: number, result: WebhookResult, now: number, random: number): boolean {
    if (result.kind === "accepted") {
      this.#paces.delete(id);
      return false;
    }
    const pace = this.#paces.get(id) ?? { unreached: 0, restsUntil: 0 };
    this.#paces.set(id, pace);
    if (result.kind === "gone") {
      // It is about to be disabled.
      pace.restsUntil = now + REST.firstMs;
      return true;
    }
    pace.unreached = result.reached ? 0 : pace.unreached + 1;
    const over = pace.unreached - SUSPECT_AFTER;
    const rest = over >= 0 ? backoffMs(REST, over + 1, random) : 0;
    // Whoever says that it is too much for now means all of it.
    const asked = Math.min((result.retryAfterSeconds ?? 0) * 1000, REST.maxMs);
    pace.restsUntil = Math.max(pace.restsUntil, now + Math.max(rest, asked));
    return over === 0 || asked > 0;
  }

  isSuspect(id: number): boolean {
    return (this.#paces.get(id)?.unreached ?? 0) >= SUSPECT_AFTER;
  }

  /** How long it is to be left alone still, ms; 0: not at all. */
  restMs(id: number, now: number): number {
    return Math.max(0, (this.#paces.get(id)?.restsUntil ?? 0) - now);
  }

  /** Forgets what is no longer there. */
  keepOnly(ids: ReadonlySet<number>): void {
    for (const id of this.#paces.keys()) if (!ids.has(id)) this.#paces.delete(id);
  }
}
