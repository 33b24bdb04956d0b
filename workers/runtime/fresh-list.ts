/** How long what was read is used, ms: a change counts within this, unless a NOTIFY says so. */
const FRESH_MS = 500;

/** A short list in the database that is looked at with every pass, a moment old at most. */
export class FreshList<T> {
  readonly #readAll: (now: number) => Promise<readonly T[]>;
  #items: readonly T[] = [];
  #readAt = -Infinity;

  /** @param readAll is given `performance.now()` of before the reading */
  constructor(readAll: (now: number) => Promise<readonly T[]>) {
    this.#readAll = readAll;
  }

  /** What was read last. */
  get known(): readonly T[] {
    return this.#items;
  }

  /** The next `read` asks the database. */
  doubt(): void {
    this.#readAt = -Infinity;
  }

  async read(): Promise<readonly T[]> {
    const now = performance.now();
    if (now - this.#readAt < FRESH_MS) return this.#items;
    this.#readAt = now;
    try {
      this.#items = await this.#readAll(now);
    } catch (error) {
      this.doubt();
      throw error;
    }
    return this.#items;
  }
}
