import { acquireSource, releaseSource, renewSources } from "../../server/store/outbox-progress.ts";
import { Lease, Leases, type Want } from "../runtime/leases.ts";

/** The source has, or may have, another owner: a typed end of its work here, not a failure. */
export class SourceLost extends Error {
  constructor(sourceId: number) {
    super(`the lease of outbox source ${sourceId} is lost`);
    this.name = "SourceLost";
  }
}

export class SourceLease extends Lease {
  readonly sourceId: number;

  constructor(sourceId: number, epoch: bigint, validUntil: number) {
    super(epoch, validUntil);
    this.sourceId = sourceId;
  }

  /** @throws SourceLost */
  require(): void {
    if (this.isOver || this.hasLapsed) throw new SourceLost(this.sourceId);
  }
}

export class SourceLeases extends Leases<SourceLease> {
  protected idOf(lease: SourceLease): number {
    return lease.sourceId;
  }

  protected async acquire({ id, owner, ttlMs, ownEpoch }: Want, validUntil: number) {
    const acquired = await acquireSource(this.options.db, { sourceId: id, owner, ttlMs, ownEpoch });
    return acquired && new SourceLease(id, acquired.epoch, validUntil);
  }

  protected prolong(held: readonly SourceLease[], ttlMs: number) {
    return renewSources(this.options.db, { held, ttlMs });
  }

  protected release(lease: SourceLease) {
    return releaseSource(this.options.db, lease);
  }

  protected onNotReleased({ sourceId }: SourceLease, err: unknown): void {
    this.options.log.warn(
      { err, source: sourceId },
      "a source could not be given back; its lease will run out",
    );
  }

  protected onNotRenewed(err: unknown): void {
    this.options.log.warn({ err }, "leases of outbox sources could not be renewed");
  }
}
