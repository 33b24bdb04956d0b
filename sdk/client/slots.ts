/** At most so many at once; the others wait for their turn, first come first served. */
export class Slots {
  #free: number;
  readonly #urgent: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @param waitMs may be Infinity @throws when no turn comes within `waitMs` */
  async use<T>(waitMs: number, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await this.#wait(waitMs);
    return await this.#run(work);
  }

  /** As `use`, but before whoever waits there. */
  async useNext<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#urgent.push(resolve));
    return await this.#run(work);
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      const next = this.#urgent.shift() ?? this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  async #wait(waitMs: number): Promise<void> {
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
