import type { CheckClaim } from "../../server/store/claim-checks.ts";
import type { AskableApp } from "./directory.ts";

/** A claimed message on its way to being asked about. */
export interface Job {
  claim: CheckClaim;
  app: AskableApp;
  /** By `performance.now()`: not sent after that, because its lease could end before the answer is written down. */
  sendBefore: number;
  /** The version of the app's breaker if this is its probe; null: it is closed. */
  probe: bigint | null;
}

interface Line {
  waiting: Job[];
  running: number;
}

/** Runs jobs, so many at once per app and altogether; among apps in turn, so that one with a long line delays no other. */
export class AskQueue {
  readonly #most: number;
  readonly #run: (job: Job) => Promise<void>;
  readonly #lines = new Map<number, Line>();
  #running = 0;
  #waiting = 0;
  #idle: (() => void)[] = [];

  /** @param most jobs at once @param run must not reject */
  constructor(most: number, run: (job: Job) => Promise<void>) {
    this.#most = most;
    this.#run = run;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Jobs of an app, under way or waiting. */
  inHand(appId: number): number {
    const line = this.#lines.get(appId);
    return line ? line.running + line.waiting.length : 0;
  }

  add(jobs: readonly Job[]): void {
    for (const job of jobs) {
      const line = this.#lines.get(job.app.id) ?? { waiting: [], running: 0 };
      this.#lines.set(job.app.id, line);
      line.waiting.push(job);
    }
    this.#waiting += jobs.length;
    this.#pump();
  }

  /** Takes out what has not begun. @param appId of this app only */
  takeWaiting(appId?: number): Job[] {
    const taken: Job[] = [];
    for (const [id, line] of this.#lines) {
      if (appId === undefined || id === appId) taken.push(...line.waiting.splice(0));
    }
    this.#waiting -= taken.length;
    return taken;
  }

  /** Resolves once nothing is under way or waiting. */
  async whenIdle(): Promise<void> {
    if (this.#running + this.#waiting > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #pump(): void {
    for (let began = true; began; ) {
      began = false;
      for (const [id, line] of this.#lines) {
        if (this.#running >= this.#most) return;
        const next = line.waiting[0];
        if (!next || line.running >= next.app.policy.concurrency) continue;
        line.waiting.shift();
        this.#waiting--;
        this.#begin(id, line, next);
        began = true;
      }
    }
  }

  #begin(appId: number, line: Line, job: Job): void {
    line.running++;
    this.#running++;
    void this.#run(job).finally(() => {
      line.running--;
      this.#running--;
      // Last in the order of turns now; and apps that have nothing left are forgotten.
      this.#lines.delete(appId);
      if (line.running + line.waiting.length > 0) this.#lines.set(appId, line);
      this.#pump();
      if (this.#running + this.#waiting === 0) this.#idle.splice(0).forEach((done) => done());
    });
  }
}
