/**
 * The records of one partition that were taken and are not all settled. Says up to where everything is: that, and nothing
 * above it, may be committed.
 */
export class OffsetWindow {
  /** Ascending; entries before `#head` are settled and forgotten now and then. */
  #entries: { offset: number; settled: boolean }[] = [];
  #head = 0;
  #unsettled = 0;
  #end: number;

  /** @param start the offset that reading began at */
  constructor(start: number) {
    this.#end = start;
  }

  /** Taken and not settled. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** Taken and not to be committed yet: those that are not settled, and the settled ones above the lowest of them. */
  get held(): number {
    return this.#entries.length - this.#head;
  }

  /** The next offset to take. */
  get end(): number {
    return this.#end;
  }

  /** The lowest offset that is not settled; the next one if all are. */
  get position(): number {
    return this.#entries[this.#head]?.offset ?? this.#end;
  }

  /** @returns how to settle it, once */
  take(offset: number): () => void {
    const entry = { offset, settled: false };
    this.#entries.push(entry);
    this.#unsettled++;
    this.#end = offset + 1;
    return () => {
      if (entry.settled) return;
      entry.settled = true;
      this.#unsettled--;
      this.#advance();
    };
  }

  /** Offsets below are no records for us: markers of transactions, aborted records. */
  passTo(offset: number): void {
    this.#end = Math.max(this.#end, offset);
  }

  #advance(): void {
    while (this.#entries[this.#head]?.settled) this.#head++;
    if (this.#head < 1024 && this.#head < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }
}
