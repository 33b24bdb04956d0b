/**
 * Limits a rate, in messages. A call is let in while anything is left and may take the bucket below zero, so that a batch
 * larger than the bucket passes and pays afterwards: the average holds, and no batch is too large for ever.
 */
export class TokenBucket {
  readonly ratePerSecond: number;
  #tokens: number;
  #at: number;

  /** Holds one second's worth. @param nowMs a monotonic clock */
  constructor(ratePerSecond: number, nowMs: number) {
    this.ratePerSecond = ratePerSecond;
    this.#tokens = ratePerSecond;
    this.#at = nowMs;
  }

  /** @returns 0 when `count` was taken, else the seconds until something is left again; nothing is taken then */
  take(count: number, nowMs: number): number {
    const { ratePerSecond } = this;
    this.#tokens = Math.min(ratePerSecond, this.#tokens + ((nowMs - this.#at) / 1000) * ratePerSecond);
    this.#at = nowMs;
    if (this.#tokens < 1) return (1 - this.#tokens) / ratePerSecond;
    this.#tokens -= count;
    return 0;
  }
}
