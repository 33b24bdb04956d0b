import { backoffMs } from "../../server/domain/backoff.ts";
import type { Log } from "../../server/log.ts";

/** Wakes a loop before its poll is due; a wake-up during a run makes it run once more. */
export class Wake {
  #pending = false;
  #resolve: (() => void) | undefined;

  notify(): void {
    this.#pending = true;
    this.#resolve?.();
  }

  /** Resolves at the next wake-up, after `ms`, or when `signal` aborts, whichever comes first. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#pending && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          this.#resolve = undefined;
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener("abort", done, { once: true });
        this.#resolve = done;
      });
    }
    this.#pending = false;
  }
}

export interface Loop {
  name: string;
  /** One pass. Returns whether there may be more at once: then the next pass follows without waiting. */
  runOnce: (signal: AbortSignal) => Promise<boolean>;
  /** Longest wait between passes, ms. */
  pollMs: number;
  wake?: Wake;
  signal: AbortSignal;
  log: Log;
  /** Called after each pass that did not throw. */
  onTick?: () => void;
  /** While it says yes no pass is made. */
  isQuiet?: () => boolean;
}

/** How soon a quiet loop finds that it may work again, ms. */
const QUIET_LOOK_MS = 1000;

const AFTER_ERROR = { firstMs: 200, factor: 2, maxMs: 10_000, jitter: 0.2 };

/** Runs `runOnce` until the signal aborts. An error is logged and tried again with backoff: a worker never gives up. */
export async function runLoop(loop: Loop): Promise<void> {
  const wake = loop.wake ?? new Wake();
  const quiet = new Wake();
  let failures = 0;
  while (!loop.signal.aborted) {
    try {
      if (loop.isQuiet?.()) {
        await wake.wait(Math.min(loop.pollMs, QUIET_LOOK_MS), loop.signal);
        continue;
      }
      const more = await loop.runOnce(loop.signal);
      failures = 0;
      loop.onTick?.();
      if (!more) await wake.wait(loop.pollMs, loop.signal);
    } catch (error) {
      if (loop.signal.aborted) return;
      failures++;
      loop.log.error({ err: error, loop: loop.name, failures }, "pass failed, will be tried again");
      await quiet.wait(backoffMs(AFTER_ERROR, failures, Math.random()), loop.signal);
    }
  }
}
