/** At most so many at once; the others wait for their turn, first come first served. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @param waitMs may be Infinity @throws when no turn comes within `waitMs` */
  async use<T>(waitMs: number, work: () => Promise<T>): Promise<T> {
    await this.#take(waitMs);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  async #take(waitMs: number): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        clearTimeout(timer);
        resolve();
      };
      if (waitMs === Infinity) return void this.#waiting.push(resolve);
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(new Error(`all are busy, and none became free within ${waitMs} ms`));
      }, waitMs);
      this.#waiting.push(turn);
    });
  }
}
