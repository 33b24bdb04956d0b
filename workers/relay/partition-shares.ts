/**
 * Finds the record that the broker refuses when it does not say which: a refused batch is tried again in halves, partition
 * by partition, until one record stands alone and is refused by itself. What is accepted on the way is delivered, other
 * partitions are not held up, and a thousand records cost ten refusals.
 */
export class PartitionShares {
  readonly #limits = new Map<string, { records: number; accepted: number }>();

  /** Most records of this partition in the next batch. */
  limitOf(place: string): number {
    return this.#limits.get(place)?.records ?? Number.POSITIVE_INFINITY;
  }

  /** The batch was refused and no record named. @returns whether its one record is the guilty one */
  refused(place: string, records: number): boolean {
    if (records <= 1) {
      this.#limits.delete(place);
      return true;
    }
    this.#limits.set(place, { records: Math.ceil(records / 2), accepted: 0 });
    return false;
  }

  /**
   * A batch was accepted under its limit. The limit grows back slowly: after a refusal of a whole batch (rather than of a
   * record in it) as many would be refused again at once.
   */
  accepted(place: string): void {
    const limit = this.#limits.get(place);
    if (!limit) return;
    if (++limit.accepted < ACCEPTED_BEFORE_GROWTH) return;
    limit.accepted = 0;
    limit.records *= 2;
    if (limit.records >= UNLIMITED) this.#limits.delete(place);
  }
}

const ACCEPTED_BEFORE_GROWTH = 4;
const UNLIMITED = 2048;
