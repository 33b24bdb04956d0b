import type { Queryable } from "../../server/db.ts";
import { within } from "../../server/deadline.ts";
import type { Log } from "../../server/log.ts";
import { Wake } from "./loop.ts";

/**
 * Something that this process owns until it is lost, given back, or not renewed in time. Belief saves work; what keeps two
 * owners apart is the epoch in every statement, which holds for a process that slept through all of this too.
 */
export abstract class Lease {
  readonly epoch: bigint;
  #validUntil: number;
  #over = false;

  constructor(epoch: bigint, validUntil: number) {
    this.epoch = epoch;
    this.#validUntil = validUntil;
  }

  /** Lost or given back. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Nobody took it that we know of, but it was not renewed in time. */
  get hasLapsed(): boolean {
    return performance.now() >= this.#validUntil;
  }

  renew(validUntil: number): void {
    this.#validUntil = validUntil;
  }

  end(): void {
    this.#over = true;
  }
}

export interface LeaseOptions {
  db: Queryable;
  owner: string;
  ttlMs: number;
  log: Log;
}

/** What to take, under whose name, for how long; see `acquireLane` for `ownEpoch`. */
export interface Want {
  id: number;
  owner: string;
  ttlMs: number;
  ownEpoch: bigint | undefined;
}

/** Takes, renews and gives back leases of one kind in the database, all of one process in one statement. */
export abstract class Leases<L extends Lease> {
  protected readonly options: LeaseOptions;
  readonly #held = new Set<L>();
  readonly #lastEpochs = new Map<number, bigint>();

  constructor(options: LeaseOptions) {
    this.options = options;
  }

  protected abstract idOf(lease: L): number;
  /** @param validUntil of the lease, by `performance.now()` @returns null: somebody else holds it */
  protected abstract acquire(want: Want, validUntil: number): Promise<L | null>;
  /** @returns ids of those still held */
  protected abstract prolong(held: readonly L[], ttlMs: number): Promise<Set<number>>;
  protected abstract release(lease: L): Promise<unknown>;
  protected abstract onNotReleased(lease: L, err: unknown): void;
  protected abstract onNotRenewed(err: unknown): void;
  /** Somebody else holds it; it is dropped afterwards. */
  protected onTaken(_lease: L): void {}

  /**
   * A lease with a new epoch, or null if somebody else holds it. A lease of ours on the same thing ends with it.
   *
   * @param fromFormerRun also if it stands under our name by a lease that is not this process's
   */
  async take(id: number, fromFormerRun = false): Promise<L | null> {
    const { owner, ttlMs } = this.options;
    const asked = performance.now();
    const ownEpoch = fromFormerRun ? undefined : (this.#lastEpochs.get(id) ?? -1n);
    const lease = await this.#statement(this.acquire({ id, owner, ttlMs, ownEpoch }, asked + ttlMs));
    for (const held of this.#held) if (this.idOf(held) === id) this.drop(held);
    if (!lease) return null;
    this.#held.add(lease);
    this.#lastEpochs.set(id, lease.epoch);
    return lease;
  }

  /** Whether what stands under our name does so by a lease of this process, and not by a twin's. */
  isOurs(id: number, epoch: bigint): boolean {
    return this.#lastEpochs.get(id) === epoch;
  }

  /** Frees it for others at once. If that fails they wait for the lease to run out. */
  async giveBack(lease: L): Promise<void> {
    this.drop(lease);
    await this.#statement(this.release(lease)).catch((err: unknown) => this.onNotReleased(lease, err));
  }

  /** Stops renewing. */
  drop(lease: L): void {
    lease.end();
    this.#held.delete(lease);
  }

  /** Renews every third of the leases' time until the signal aborts; never throws. */
  async keep(signal: AbortSignal): Promise<void> {
    const pause = new Wake();
    while (!signal.aborted) {
      await pause.wait(this.options.ttlMs / 3, signal);
      if (!signal.aborted) await this.#renew();
    }
  }

  async #renew(): Promise<void> {
    const { ttlMs } = this.options;
    const leases = [...this.#held];
    if (leases.length === 0) return;
    const asked = performance.now();
    try {
      const kept = await this.#statement(this.prolong(leases, ttlMs));
      for (const lease of leases) {
        if (kept.has(this.idOf(lease))) lease.renew(asked + ttlMs);
        else if (this.#held.has(lease)) {
          this.onTaken(lease);
          this.drop(lease);
        }
      }
    } catch (err) {
      this.onNotRenewed(err);
    }
  }

  #statement<T>(work: Promise<T>): Promise<T> {
    return within(work, Math.max(1000, this.options.ttlMs / 3), "a statement on leases");
  }
}
