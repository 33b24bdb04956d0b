import type { Queryable } from "../../server/db.ts";
import { fingerprintError } from "../../server/domain/fingerprint-error.ts";
import type { Log } from "../../server/log.ts";
import {
  ackWebhooks,
  deliveryKey,
  failWebhooks,
  type FailedWebhook,
} from "../../server/store/settle-webhooks.ts";
import { againAsVictim, BatchWriter } from "../runtime/batch-writer.ts";
import type { EndpointWatch } from "./endpoint-watch.ts";
import type { NotifyMetrics } from "./notify-metrics.ts";
import type { Outcome } from "./outcome.ts";

const KINDS = { retry: "failed", give_up: "dead", reject: "rejected" } as const;

export interface OutcomeWriterOptions {
  hot: Queryable;
  log: Log;
  metrics: NotifyMetrics;
  watch: EndpointWatch;
  /** Something is due again in so many ms. */
  onRetry: (inMs: number) => void;
}

/** Writes down what became of calls, in batches. */
export class OutcomeWriter extends BatchWriter<Outcome> {
  readonly #hot: Queryable;
  readonly #log: Log;
  readonly #metrics: NotifyMetrics;
  readonly #watch: EndpointWatch;

  readonly #onRetry: (inMs: number) => void;

  constructor(options: OutcomeWriterOptions) {
    super();
    this.#onRetry = options.onRetry;
    this.#hot = options.hot;
    this.#log = options.log;
    this.#metrics = options.metrics;
    this.#watch = options.watch;
  }

  protected async write(batch: readonly Outcome[]): Promise<void> {
    const acked = batch.filter(({ decision }) => decision.kind === "ack");
    const failed = batch.filter(({ decision }) => decision.kind !== "ack");
    await Promise.all([
      this.#write(acked, () =>
        ackWebhooks(
          this.#hot,
          acked.map(({ job }) => job.claim),
        ),
      ),
      this.#write(failed, () => failWebhooks(this.#hot, failed.map(failedOf))),
    ]);
    await this.#watch.note(batch);
  }

  /**
   * Never throws. What cannot be written is left to the lease: once it ends the receiver is called again, by the same id.
   * That is also why a statement whose outcome is unknown is not repeated: it may have counted its calls already.
   */
  async #write(outcomes: readonly Outcome[], statement: () => Promise<Set<string>>): Promise<void> {
    if (outcomes.length === 0) return;
    try {
      const moved = await againAsVictim(() => this.#metrics.timeWrite(statement));
      for (const { job, decision, exchange } of outcomes) {
        if (moved.has(deliveryKey(job.claim))) {
          this.#metrics.effects.inc({ effect: decision.kind });
          if (decision.kind === "retry") this.#onRetry(decision.delayMs);
          continue;
        }
        this.#metrics.effects.inc({ effect: "too_late" });
        const { messageId, attempt } = job.claim;
        this.#log.info(
          { messageId, subscription: job.endpoint.subscription, attempt, outcome: exchange.result.kind },
          "a call's outcome came too late and changed nothing: the delivery is settled, or was called anew",
        );
      }
    } catch (err) {
      this.#metrics.unwritten.inc(outcomes.length);
      this.#log.warn(
        { err, outcomes: outcomes.length },
        "outcomes could not be written down: these receivers are called again when the leases end",
      );
    }
  }
}

function failedOf({ job, exchange, decision, calledAt }: Outcome): FailedWebhook {
  const { result, status, durationMs, body } = exchange;
  if (result.kind === "accepted" || decision.kind === "ack")
    throw new Error("an accepted call has not failed");
  return {
    claim: job.claim,
    kind: KINDS[decision.kind],
    delayMs: decision.kind === "retry" ? decision.delayMs : 0,
    reason: decision.kind === "retry" ? null : decision.reason,
    error: fingerprintError(result),
    status,
    durationMs,
    body,
    ageMs: performance.now() - calledAt,
  };
}
