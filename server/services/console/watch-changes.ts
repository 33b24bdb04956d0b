import { randomBytes } from "node:crypto";
import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import type { Log } from "../../log.ts";

/** What a live page learns: whether anything may have changed since the version it shows, and that we are still here. */
export interface ChangeNotice {
  /** Differs from the last one whenever something may have been written since. */
  version: string;
  /** The database's clock; null: it does not answer just now. */
  at: Date | null;
}

export interface ChangeWatchOptions {
  db: Queryable;
  log: Log;
  /** How often the database is asked, ms. */
  pollMs: number;
  /** A notice is sent at least this often, ms, so that silence means a broken connection. */
  heartbeatMs: number;
}

/**
 * Tells any number of live pages that something was written, at the price of one tiny query per `pollMs` and process,
 * and of none while nobody watches.
 *
 * The version is the snapshot of running transactions: every committed write changes it, so no change is missed.
 * Rejected: the newest id (misses changes of state), NOTIFY (would cost every flush of every writer), statistics counters
 * (an idle connection reports them up to ten seconds late).
 */
export class ChangeWatch {
  readonly #options: ChangeWatchOptions;
  /** Versions of two replicas, or of one before and after a restart, never look alike. */
  readonly #origin = randomBytes(4).toString("hex");
  #followers = new Set<() => void>();
  #count = 0;
  #snapshot = "";
  #notice: ChangeNotice | null = null;
  #polling = false;
  /** Ends the poll's wait. */
  #endWait: () => void = () => undefined;
  readonly #stopped = new AbortController();

  constructor(options: ChangeWatchOptions) {
    this.#options = options;
  }

  /**
   * Notices until `gone` fires: the present one at once, then one per change and heartbeat.
   * @throws SurelayError `unavailable` after `stop`: a follower that is told so looks for another replica
   */
  async *follow(gone: AbortSignal): AsyncGenerator<ChangeNotice, void> {
    const signal = AbortSignal.any([gone, this.#stopped.signal]);
    let wake: () => void = () => undefined;
    const follower = () => wake();
    signal.addEventListener("abort", follower, { once: true });
    this.#followers.add(follower);
    if (!this.#polling) void this.#poll();
    let seen: ChangeNotice | null = null;
    try {
      while (!signal.aborted) {
        if (this.#notice !== seen && this.#notice !== null) yield (seen = this.#notice);
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#followers.delete(follower);
      signal.removeEventListener("abort", follower);
      // The poll ends now, not after its wait: whoever comes next starts another, and is told at once.
      if (this.#followers.size === 0) {
        this.#notice = null;
        this.#endWait();
      }
    }
    if (this.#stopped.signal.aborted) throw new SurelayError("unavailable", "The console is stopping.");
  }

  /** Whether the database is being asked: only while somebody follows. */
  get polling(): boolean {
    return this.#polling;
  }

  /** Ends all streams, which would otherwise keep an orderly stop waiting. Idempotent. */
  stop(): void {
    this.#stopped.abort();
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    let toldAt = 0;
    while (this.#followers.size > 0) {
      const reading = await this.#read();
      const changed = reading.version !== this.#notice?.version;
      const flipped = (reading.at === null) !== (this.#notice?.at === null);
      if (this.#notice === null || changed || flipped || Date.now() - toldAt >= this.#options.heartbeatMs) {
        this.#notice = reading;
        toldAt = Date.now();
        for (const wake of this.#followers) wake();
      }
      await this.#wait();
    }
    this.#polling = false;
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs);
      this.#endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #read(): Promise<ChangeNotice> {
    try {
      const { rows } = await this.#options.db.query<{ snapshot: string; at: Date }>(
        "SELECT pg_current_snapshot()::text AS snapshot, now() AS at",
      );
      if (rows[0]!.snapshot !== this.#snapshot) {
        this.#snapshot = rows[0]!.snapshot;
        this.#count += 1;
      }
      return { version: `${this.#origin}-${this.#count}`, at: rows[0]!.at };
    } catch (error) {
      if (this.#notice?.at !== null)
        this.#options.log.warn({ err: error }, "live pages: the database does not answer");
      return { version: `${this.#origin}-${this.#count}`, at: null };
    }
  }
}
