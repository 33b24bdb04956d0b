/**
 * One reading shared by everybody who asks within its lifetime: fifty operators watching cost the database what one does.
 * Requests during a reading wait for that one; a failed reading is nobody's answer but those who waited for it.
 */
export class SharedReading<T> {
  readonly #read: () => Promise<T>;
  readonly #lifetimeMs: number;
  #reading: Promise<T> | null = null;
  #madeAt = -Infinity;

  /** @param lifetimeMs how old an answer may be, counted from the moment its reading began */
  constructor(lifetimeMs: number, read: () => Promise<T>) {
    this.#lifetimeMs = lifetimeMs;
    this.#read = read;
  }

  get(now: number = performance.now()): Promise<T> {
    if (this.#reading !== null && now - this.#madeAt < this.#lifetimeMs) return this.#reading;
    this.#madeAt = now;
    const reading = this.#read();
    this.#reading = reading;
    reading.catch(() => {
      if (this.#reading === reading) this.#reading = null;
    });
    return reading;
  }
}
