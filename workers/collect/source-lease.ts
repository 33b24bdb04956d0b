import type { Queryable } from "../../server/db.ts";
import { within } from "../../server/kafka/deadline.ts";
import type { Log } from "../../server/log.ts";
import { acquireSource, releaseSource, renewSources } from "../../server/store/outbox-progress.ts";
import { Wake } from "../runtime/loop.ts";

/** The source has, or may have, another owner: a typed end of its work here, not a failure. */
export class SourceLost extends Error {
  constructor(sourceId: number) {
    super(`the lease of outbox source ${sourceId} is lost`);
    this.name = "SourceLost";
  }
}

/** A source this collector owns until it is lost, given back, or not renewed in time. */
export class SourceLease {
  readonly sourceId: number;
  readonly epoch: bigint;
  #validUntil: number;
  #over = false;

  constructor(sourceId: number, epoch: bigint, validUntil: number) {
    this.sourceId = sourceId;
    this.epoch = epoch;
    this.#validUntil = validUntil;
  }

  /**
   * Belief saves work; what keeps two owners apart is the epoch in every statement, which holds for a process that slept
   * through all of this too.
   *
   * @throws SourceLost
   */
  require(): void {
    if (this.#over || performance.now() >= this.#validUntil) throw new SourceLost(this.sourceId);
  }

  renew(validUntil: number): void {
    this.#validUntil = validUntil;
  }

  end(): void {
    this.#over = true;
  }
}

/** Takes, renews and gives back leases of sources, all of one process in one statement. */
export class SourceLeases {
  readonly #options: { db: Queryable; owner: string; ttlMs: number; log: Log };
  readonly #held = new Set<SourceLease>();
  readonly #lastEpochs = new Map<number, bigint>();

  constructor(options: { db: Queryable; owner: string; ttlMs: number; log: Log }) {
    this.#options = options;
  }

  /**
   * @param fromFormerRun also if it stands under our name by a lease that is not this process's
   * @returns null: another collector holds it
   */
  async take(sourceId: number, fromFormerRun: boolean): Promise<SourceLease | null> {
    const { db, owner, ttlMs } = this.#options;
    const asked = performance.now();
    const ownEpoch = fromFormerRun ? undefined : (this.#lastEpochs.get(sourceId) ?? -1n);
    const acquired = await this.#statement(acquireSource(db, { sourceId, owner, ttlMs, ownEpoch }));
    if (!acquired) return null;
    const lease = new SourceLease(sourceId, acquired.epoch, asked + ttlMs);
    this.#held.add(lease);
    this.#lastEpochs.set(sourceId, lease.epoch);
    return lease;
  }

  /** Whether a source that stands under our name does so by a lease of this process, and not by a twin's. */
  isOurs(sourceId: number, epoch: bigint): boolean {
    return this.#lastEpochs.get(sourceId) === epoch;
  }

  /** Frees the source for others at once. If that fails they wait for the lease to run out. */
  async giveBack(lease: SourceLease): Promise<void> {
    this.drop(lease);
    await this.#statement(releaseSource(this.#options.db, lease)).catch((err: unknown) =>
      this.#options.log.warn(
        { err, source: lease.sourceId },
        "a source could not be given back; its lease will run out",
      ),
    );
  }

  /** Stops renewing. */
  drop(lease: SourceLease): void {
    lease.end();
    this.#held.delete(lease);
  }

  /** Renews every third of the lease's time until the signal aborts; never throws. */
  async keep(signal: AbortSignal): Promise<void> {
    const pause = new Wake();
    while (!signal.aborted) {
      await pause.wait(this.#options.ttlMs / 3, signal);
      if (!signal.aborted) await this.#renew();
    }
  }

  async #renew(): Promise<void> {
    const { db, ttlMs, log } = this.#options;
    const leases = [...this.#held];
    if (leases.length === 0) return;
    const asked = performance.now();
    try {
      const kept = await this.#statement(renewSources(db, { held: leases, ttlMs }));
      for (const lease of leases)
        if (kept.has(lease.sourceId)) lease.renew(asked + ttlMs);
        else this.drop(lease);
    } catch (err) {
      log.warn({ err }, "leases of outbox sources could not be renewed");
    }
  }

  #statement<T>(work: Promise<T>): Promise<T> {
    return within(work, Math.max(1000, this.#options.ttlMs / 3), "a statement on leases");
  }
}
