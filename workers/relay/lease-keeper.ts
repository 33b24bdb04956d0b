import type { Queryable } from "../../server/db.ts";
import { within } from "../../server/kafka/deadline.ts";
import type { Log } from "../../server/log.ts";
import { type Acquired, acquireLane, releaseLane, renewLanes } from "../../server/store/lanes.ts";
import { Wake } from "../runtime/loop.ts";

/** The lane has, or may have, another owner: a typed end of its work here, not a failure. */
export class LeaseLost extends Error {
  constructor(lane: number) {
    super(`the lease of lane ${lane} is lost`);
    this.name = "LeaseLost";
  }
}

/** Nobody took the lane that we know of, but we cannot be sure any more: take it again and see. */
export class LeaseNotRenewed extends Error {
  constructor(lane: number) {
    super(`the lease of lane ${lane} was not renewed in time`);
    this.name = "LeaseNotRenewed";
  }
}

/** A lane this relay owns until it is lost, given back, or not renewed in time. */
export class Lease {
  readonly lane: number;
  readonly epoch: bigint;
  /** How far the lane's progress partition had been marked when the lease was taken. */
  readonly progressOffset: bigint;
  /** Whether an operator had paused the lane when the lease was taken. */
  readonly paused: boolean;
  #validUntil: number;
  #over = false;

  constructor(lane: number, acquired: Acquired, validUntil: number) {
    this.lane = lane;
    this.epoch = acquired.epoch;
    this.progressOffset = acquired.progressOffset;
    this.paused = acquired.paused;
    this.#validUntil = validUntil;
  }

  /**
   * Whether we may still believe to own the lane. Belief saves work; what keeps two owners apart are the epoch in every
   * statement and the broker's fencing, both of which hold for a process that slept through all of this.
   *
   * @throws LeaseLost, LeaseNotRenewed
   */
  require(): void {
    if (this.#over) throw new LeaseLost(this.lane);
    if (performance.now() >= this.#validUntil) throw new LeaseNotRenewed(this.lane);
  }

  renew(validUntil: number): void {
    this.#validUntil = validUntil;
  }

  end(): void {
    this.#over = true;
  }
}

/** Takes, renews and gives back leases of lanes in the database, all of one process in one statement. */
export class LeaseKeeper {
  readonly #db: Queryable;
  readonly #owner: string;
  readonly #ttlMs: number;
  readonly #log: Log;
  readonly #held = new Set<Lease>();
  readonly #lastEpochs = new Map<number, bigint>();

  constructor(options: { db: Queryable; owner: string; ttlMs: number; log: Log }) {
    this.#db = options.db;
    this.#owner = options.owner;
    this.#ttlMs = options.ttlMs;
    this.#log = options.log;
  }

  /**
   * A lease with a new epoch, or null if another relay holds the lane. A lease of ours on the lane ends with it.
   *
   * @param fromFormerRun also if it stands under our name by a lease that is not this process's
   */
  async take(lane: number, fromFormerRun = false): Promise<Lease | null> {
    const asked = performance.now();
    const ownEpoch = fromFormerRun ? undefined : (this.#lastEpochs.get(lane) ?? -1n);
    const acquired = await this.#statement(
      acquireLane(this.#db, { lane, owner: this.#owner, ttlMs: this.#ttlMs, ownEpoch }),
    );
    for (const lease of this.#held) if (lease.lane === lane) this.#drop(lease);
    if (!acquired) return null;
    const lease = new Lease(lane, acquired, asked + this.#ttlMs);
    this.#held.add(lease);
    this.#lastEpochs.set(lane, lease.epoch);
    return lease;
  }

  /** Whether a lane that stands under our name does so by a lease of this process, and not by a twin's. */
  isOurs(lane: number, epoch: bigint): boolean {
    return this.#lastEpochs.get(lane) === epoch;
  }

  /** Frees the lane for others at once. If that fails they wait for the lease to run out. */
  async giveBack(lease: Lease): Promise<void> {
    this.#drop(lease);
    await this.#statement(releaseLane(this.#db, lease)).catch((err: unknown) =>
      this.#log.warn({ err, lane: lease.lane }, "a lane could not be given back; its lease will run out"),
    );
  }

  /** Stops renewing. */
  forget(lease: Lease): void {
    this.#drop(lease);
  }

  /** Renews every third of the lease's time until the signal aborts; never throws. */
  async keep(signal: AbortSignal): Promise<void> {
    const pause = new Wake();
    while (!signal.aborted) {
      await pause.wait(this.#ttlMs / 3, signal);
      if (!signal.aborted) await this.#renew();
    }
  }

  async #renew(): Promise<void> {
    const leases = [...this.#held];
    if (leases.length === 0) return;
    const asked = performance.now();
    try {
      const kept = await this.#statement(renewLanes(this.#db, { held: leases, ttlMs: this.#ttlMs }));
      for (const lease of leases) {
        if (kept.has(lease.lane)) lease.renew(asked + this.#ttlMs);
        else if (this.#held.has(lease)) {
          this.#log.warn({ lane: lease.lane, epoch: lease.epoch }, "a lane was taken by another relay");
          this.#drop(lease);
        }
      }
    } catch (err) {
      this.#log.warn({ err }, "leases could not be renewed");
    }
  }

  #drop(lease: Lease): void {
    lease.end();
    this.#held.delete(lease);
  }

  #statement<T>(work: Promise<T>): Promise<T> {
    return within(work, Math.max(1000, this.#ttlMs / 3), "a statement on leases");
  }
}
