import type { Pool } from "../../server/db.ts";
import { type BreakerMove, decideBreaker } from "../../server/domain/check-breaker.ts";
import { type CheckResult, wasReached } from "../../server/domain/decide-check.ts";
import type { Log } from "../../server/log.ts";
import { closeBreaker, openBreaker, reopenBreaker, takeProbe } from "../../server/store/check-breakers.ts";
import type { Job } from "./job.ts";
import type { ConfirmMetrics } from "./confirm-metrics.ts";
import type { AskableApp } from "./directory.ts";

export interface BreakerWatchOptions {
  db: Pool;
  log: Log;
  metrics: ConfirmMetrics;
  /** A breaker has changed: what was read of the apps is old. @param appId of an app that is not asked from now on */
  onMove: (appId: number | null) => void;
}

/**
 * Looks at every answer for whether its app can be reached. While it can, that is a number in this process's memory and
 * nothing is written; the database hears of changes alone, and lets one replica make each.
 */
export class BreakerWatch {
  readonly #options: BreakerWatchOptions;
  readonly #failures = new Map<number, number>();
  readonly #moving = new Set<Promise<void>>();
  readonly #opening = new Set<number>();

  constructor(options: BreakerWatchOptions) {
    this.#options = options;
  }

  /** What a check says about its app. Never throws: a change that could not be written is made by a later failure. */
  note({ app, probe }: Job, result: CheckResult): void {
    const reached = wasReached(result);
    if (probe !== null) return this.#move(app.id, () => this.#endProbe(app, probe, reached, errorOf(result)));
    if (reached) {
      this.#failures.delete(app.id);
      return;
    }
    const failures = (this.#failures.get(app.id) ?? 0) + 1;
    this.#failures.set(app.id, failures);
    const move = decideBreaker({ state: "closed", trips: 0 }, "unreachable", failures, Math.random());
    if (move?.to !== "open" || this.#opening.has(app.id)) return;
    this.#opening.add(app.id);
    this.#move(app.id, () => this.#open(app, move, failures, errorOf(result)));
  }

  /** Its breaker is about to open: nothing more is claimed for it meanwhile. */
  isOpening(appId: number): boolean {
    return this.#opening.has(appId);
  }

  /** The right to probe an app whose breaker is open; null: it is not due, somebody else's, or there is nothing to ask. */
  async takeProbe(app: AskableApp, leaseMs: number): Promise<bigint | null> {
    const version = await takeProbe(this.#options.db, app.id, leaseMs);
    if (version !== null) this.#options.metrics.breakerMoves.inc({ to: "half_open" });
    return version;
  }

  /** There was nothing to ask after all: the next one who has something probes. */
  async giveProbeBack(app: AskableApp, version: bigint): Promise<void> {
    await this.#reopen(app, version, "probe_unused", null);
  }

  async whenIdle(): Promise<void> {
    await Promise.all(this.#moving);
  }

  async #open(
    app: AskableApp,
    move: BreakerMove & { to: "open" },
    failures: number,
    lastError: string,
  ): Promise<void> {
    const { db, log, metrics, onMove } = this.#options;
    try {
      onMove(app.id);
      const version = await openBreaker(db, { ...move, appId: app.id, failures, lastError });
      if (version === null) return;
      metrics.breakerMoves.inc({ to: "open" });
      log.warn(
        { app: app.name, failures, lastError },
        "an app cannot be reached for check-backs and is left alone for a while",
      );
    } finally {
      this.#opening.delete(app.id);
      this.#failures.delete(app.id);
    }
  }

  async #endProbe(app: AskableApp, version: bigint, reached: boolean, lastError: string): Promise<void> {
    const { db, log, metrics } = this.#options;
    if (!reached) return this.#reopen(app, version, "probe_unreachable", lastError);
    if ((await closeBreaker(db, app.id, version)) === null) return;
    this.#failures.delete(app.id);
    metrics.breakerMoves.inc({ to: "closed" });
    log.info({ app: app.name }, "an app can be reached again for check-backs");
  }

  async #reopen(
    app: AskableApp,
    version: bigint,
    event: "probe_unreachable" | "probe_unused",
    lastError: string | null,
  ): Promise<void> {
    const { db, metrics } = this.#options;
    const move = decideBreaker({ state: "half_open", trips: app.breaker.trips }, event, 1, Math.random());
    if (move?.to !== "open") return;
    const failed = event === "probe_unreachable";
    const { trips, openMs } = move;
    if ((await reopenBreaker(db, { appId: app.id, version, trips, openMs, failed, lastError })) !== null)
      metrics.breakerMoves.inc({ to: "open" });
  }

  #move(appId: number, work: () => Promise<void>): void {
    const { log, onMove } = this.#options;
    const moving = work()
      .catch((err: unknown) => log.warn({ err, appId }, "a breaker could not be changed"))
      .finally(() => {
        this.#moving.delete(moving);
        onMove(null);
      });
    this.#moving.add(moving);
  }
}

function errorOf(result: CheckResult): string {
  if (!result.sent) return `${result.error}: ${result.detail}`;
  return `${result.error ?? result.outcome}: ${result.detail ?? ""}`;
}
