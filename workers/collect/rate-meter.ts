const SECONDS = 60;

/** Rows per second over the last minute, in buckets of a second. */
export class RateMeter {
  readonly #buckets = new Float64Array(SECONDS);
  #second = 0;

  add(rows: number, nowMs: number): void {
    this.#turnTo(Math.floor(nowMs / 1000));
    this.#buckets[this.#second % SECONDS]! += rows;
  }

  perSecond(nowMs: number): number {
    this.#turnTo(Math.floor(nowMs / 1000));
    return this.#buckets.reduce((sum, rows) => sum + rows, 0) / SECONDS;
  }

  #turnTo(second: number): void {
    const from = Math.max(this.#second + 1, second - SECONDS + 1);
    for (let s = from; s <= second; s++) this.#buckets[s % SECONDS] = 0;
    this.#second = Math.max(this.#second, second);
  }
}
