interface Line<J> {
  waiting: J[];
  running: number;
}

export interface FairQueueOptions<J> {
  /** Jobs at once, altogether. */
  most: number;
  /** Must not reject. */
  run: (job: J) => Promise<void>;
  /** Whose job it is: each has a line of its own. */
  lineOf: (job: J) => number;
  /** Jobs of its line at once; asked anew whenever one might begin. */
  roomOf: (job: J) => number;
}

/** Runs jobs, so many at once per line and altogether; among lines in turn, so that a long line delays no other. */
export class FairQueue<J> {
  readonly #options: FairQueueOptions<J>;
  readonly #lines = new Map<number, Line<J>>();
  #running = 0;
  #waiting = 0;
  #idle: (() => void)[] = [];

  constructor(options: FairQueueOptions<J>) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Jobs of a line, under way or waiting. */
  inHand(line: number): number {
    const found = this.#lines.get(line);
    return found ? found.running + found.waiting.length : 0;
  }

  /** Lines that have jobs, under way or waiting. */
  lines(): number[] {
    return [...this.#lines.keys()];
  }

  add(jobs: readonly J[]): void {
    for (const job of jobs) {
      const id = this.#options.lineOf(job);
      const line = this.#lines.get(id) ?? { waiting: [], running: 0 };
      this.#lines.set(id, line);
      line.waiting.push(job);
    }
    this.#waiting += jobs.length;
    this.#pump();
  }

  /** Takes out what has not begun. @param line of this line only */
  takeWaiting(line?: number): J[] {
    const taken: J[] = [];
    for (const [id, found] of this.#lines) {
      if (line === undefined || id === line) taken.push(...found.waiting.splice(0));
    }
    this.#waiting -= taken.length;
    return taken;
  }

  /** Resolves once nothing is under way or waiting. */
  async whenIdle(): Promise<void> {
    if (this.#running + this.#waiting > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #pump(): void {
    const { most, roomOf } = this.#options;
    for (let began = true; began; ) {
      began = false;
      for (const [id, line] of this.#lines) {
        if (this.#running >= most) return;
        const next = line.waiting[0];
        if (next === undefined || line.running >= roomOf(next)) continue;
        line.waiting.shift();
        this.#waiting--;
        this.#begin(id, line, next);
        began = true;
      }
    }
  }

  #begin(id: number, line: Line<J>, job: J): void {
    line.running++;
    this.#running++;
    void this.#options.run(job).finally(() => {
      line.running--;
      this.#running--;
      // Last in the order of turns now; and lines that have nothing left are forgotten.
      this.#lines.delete(id);
      if (line.running + line.waiting.length > 0) this.#lines.set(id, line);
      this.#pump();
      if (this.#running + this.#waiting === 0) this.#idle.splice(0).forEach((done) => done());
    });
  }
}
