import { type Acquired, acquireLane, releaseLane, renewLanes } from "../../server/store/lanes.ts";
import * as runtime from "../runtime/leases.ts";

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

/** A lane this relay owns. Beside the epoch in every statement the broker's fencing keeps two owners apart. */
export class Lease extends runtime.Lease {
  readonly lane: number;
  /** How far the lane's progress partition had been marked when the lease was taken. */
  readonly progressOffset: bigint;
  /** Whether an operator had paused the lane when the lease was taken. */
  readonly paused: boolean;

  constructor(lane: number, acquired: Acquired, validUntil: number) {
    super(acquired.epoch, validUntil);
    this.lane = lane;
    this.progressOffset = acquired.progressOffset;
    this.paused = acquired.paused;
  }

  /**
   * Whether we may still believe to own the lane.
   *
   * @throws LeaseLost, LeaseNotRenewed
   */
  require(): void {
    if (this.isOver) throw new LeaseLost(this.lane);
    if (this.hasLapsed) throw new LeaseNotRenewed(this.lane);
  }
}

/** Leases of lanes. */
export class LeaseKeeper extends runtime.Leases<Lease> {
  protected idOf(lease: Lease): number {
    return lease.lane;
  }

  protected async acquire({ id, owner, ttlMs, ownEpoch }: runtime.Want, validUntil: number) {
    const acquired = await acquireLane(this.options.db, { lane: id, owner, ttlMs, ownEpoch });
    return acquired && new Lease(id, acquired, validUntil);
  }

  protected prolong(held: readonly Lease[], ttlMs: number) {
    return renewLanes(this.options.db, { held, ttlMs });
  }

  protected release(lease: Lease) {
    return releaseLane(this.options.db, lease);
  }

  protected override onTaken({ lane, epoch }: Lease): void {
    this.options.log.warn({ lane, epoch }, "a lane was taken by another relay");
  }

  protected onNotReleased({ lane }: Lease, err: unknown): void {
    this.options.log.warn({ err, lane }, "a lane could not be given back; its lease will run out");
  }

  protected onNotRenewed(err: unknown): void {
    this.options.log.warn({ err }, "leases could not be renewed");
  }
}
