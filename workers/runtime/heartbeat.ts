import type { Pool } from "../../server/db.ts";
import type { Log } from "../../server/log.ts";
import { markWorkerStopped, reportWorker, type WorkerMode } from "../../server/store/workers.ts";
import { runLoop, Wake } from "./loop.ts";

export interface HeartbeatOptions {
  pool: Pool;
  log: Log;
  /** How often the process reports itself, ms. */
  everyMs: number;
  identity: { kind: string; name: string; host: string; pid: number; version: string; startedAt: Date };
  /** Told that the process takes no new work from now on, or works again. */
  onQuiet: (quiet: boolean) => void;
  /** An operator wants the process to end. */
  onStop: (by: string | null) => void;
}

/**
 * Tells the database that this process lives and what it does, and learns with the same statement what operators want of
 * it: a command takes a heartbeat at most, and needs nothing that the process would not have anyway.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #wake = new Wake();
  #lastTickAt: Date | null = null;
  #detail: () => object = () => ({});
  readonly #extra: object = {};
  #mode: WorkerMode = "run";

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  get isQuiet(): boolean {
    return this.#mode !== "run";
  }

  tick(): void {
    this.#lastTickAt = new Date();
  }

  /** What is shown beside the heartbeat: replaced whole, or asked anew each time. */
  report(detail: object | (() => object)): void {
    this.#detail = typeof detail === "function" ? (detail as () => object) : () => detail;
  }

  /** Shown as well, whatever the worker reports. */
  add(extra: object): void {
    Object.assign(this.#extra, extra);
  }

  /** Until the signal aborts; never throws. */
  async beat(signal: AbortSignal): Promise<void> {
    await runLoop({
      name: "heartbeat",
      pollMs: this.#options.everyMs,
      wake: this.#wake,
      signal,
      log: this.#options.log,
      runOnce: async () => {
        const { wanted, wantedBy } = await this.#report();
        this.#obey(wanted, wantedBy);
        return false;
      },
    });
  }

  /**
   * Says that the process is ending, and when `work` is done that it has ended. Best effort: a database that does not
   * answer the first is not asked for the second, so that it costs the stop's deadline once.
   *
   * @throws what `work` throws
   */
  async whileStopping(work: Promise<void>): Promise<void> {
    this.#mode = "stopping";
    const { kind, name, pid } = this.#options.identity;
    const record = async () => {
      await this.#report();
      await work;
      await markWorkerStopped(this.#options.pool, kind, name, pid);
    };
    const recorded = record();
    recorded.catch(() => undefined); // heard of below
    await work;
    await recorded.catch((err: unknown) => this.#options.log.warn({ err }, "the stop could not be recorded"));
  }

  #obey(wanted: string, by: string | null): void {
    if (this.#mode === "stopping") return;
    if (wanted === "stop") return this.#options.onStop(by);
    const quiet = wanted === "quiet";
    if (quiet === this.isQuiet) return;
    this.#mode = quiet ? "quiet" : "run";
    this.#options.log.info({ by }, quiet ? "quiet: takes no new work" : "works again");
    this.#options.onQuiet(quiet);
    this.#wake.notify(); // says so at once
  }

  #report() {
    return reportWorker(this.#options.pool, {
      ...this.#options.identity,
      lastTickAt: this.#lastTickAt,
      heartbeatMs: this.#options.everyMs,
      mode: this.#mode,
      detail: { ...this.#detail(), ...this.#extra },
    });
  }
}
