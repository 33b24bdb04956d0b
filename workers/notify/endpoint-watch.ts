import type { Queryable } from "../../server/db.ts";
import type { Log } from "../../server/log.ts";
import { noteFailing, noteReached } from "../../server/store/webhook-endpoints.ts";
import { type CallableEndpoint, nameOf } from "./endpoints.ts";
import type { NotifyMetrics } from "./notify-metrics.ts";
import type { Outcome } from "./outcome.ts";

export interface EndpointWatchOptions {
  db: Queryable;
  log: Log;
  metrics: NotifyMetrics;
  /** SURELAY_WEBHOOK_DISABLE_AFTER_SECONDS. */
  disableAfterSeconds: number;
  /** What was read of endpoints is old. @param id of one that is not called from now on */
  onMove: (id: number | null) => void;
}

/** An endpoint that goes on failing is written down so often, ms. */
const NOTE_EVERY_MS = 1000;

/**
 * Looks at every outcome for whether its endpoint still takes anything. While it does nothing is written; the database hears
 * since when it fails, which is what it is disabled by.
 */
export class EndpointWatch {
  readonly #options: EndpointWatchOptions;
  readonly #failing = new Map<number, { notedAt: number; unnoted: number }>();

  constructor(options: EndpointWatchOptions) {
    this.#options = options;
  }

  /** Never throws: what could not be written is written with a later failure, or not needed after a success. */
  async note(batch: readonly Outcome[]): Promise<void> {
    try {
      const byEndpoint = new Map<number, Outcome[]>();
      for (const outcome of batch) {
        const { id } = outcome.job.endpoint;
        const known = byEndpoint.get(id);
        if (known) known.push(outcome);
        else byEndpoint.set(id, [outcome]);
      }
      const reached: number[] = [];
      for (const [id, outcomes] of byEndpoint) {
        const { endpoint } = outcomes[0]!.job;
        if (outcomes.some(({ exchange }) => exchange.result.kind === "accepted")) {
          if (this.#failing.delete(id) || endpoint.failingSince !== null) reached.push(id);
        } else await this.#noteFailing(endpoint, outcomes);
      }
      if (reached.length === 0) return;
      await noteReached(this.#options.db, reached);
      this.#options.onMove(null);
    } catch (err) {
      this.#options.log.warn({ err }, "the state of endpoints could not be written down");
    }
  }

  async #noteFailing(endpoint: CallableEndpoint, outcomes: readonly Outcome[]): Promise<void> {
    const { db, log, metrics, disableAfterSeconds, onMove } = this.#options;
    const known = this.#failing.get(endpoint.id) ?? { notedAt: -Infinity, unnoted: 0 };
    this.#failing.set(endpoint.id, known);
    known.unnoted += outcomes.length;
    const gone = outcomes.find(({ exchange }) => exchange.result.kind === "gone");
    const now = performance.now();
    if (!gone && now - known.notedAt < NOTE_EVERY_MS) return;
    const { result } = (gone ?? outcomes.at(-1)!).exchange;
    const lastError = result.kind === "accepted" ? "" : `${result.type}: ${result.message}`;
    const because = gone ? "the receiver answered 410: it wants nothing any more" : null;
    const failures = known.unnoted;
    Object.assign(known, { notedAt: now, unnoted: 0 });
    const disabled = await noteFailing(db, {
      id: endpoint.id,
      failures,
      lastError,
      because,
      afterSeconds: disableAfterSeconds,
    });
    if (disabled === null) return;
    metrics.disabled.inc();
    onMove(endpoint.id);
    log.warn(
      { endpoint: nameOf(endpoint), reason: disabled, lastError },
      "a webhook is disabled: its deliveries wait, uncounted, until an operator enables it",
    );
  }
}
