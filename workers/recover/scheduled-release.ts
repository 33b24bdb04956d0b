import type { Pool } from "../../server/db.ts";
import type { Log } from "../../server/log.ts";
import { readNextScheduled, releaseDue } from "../../server/store/scheduled-messages.ts";
import type { Wake } from "../runtime/loop.ts";
import type { RecoverMetrics } from "./recover-metrics.ts";

const AT_ONCE = 500;
/** Messages that come due one after the other are moved together: ten times fewer statements at 10,000 a second. */
const PACE_MS = 20;

/** SCHEDULED → READY when a message's time has come; sleeps until the next one's. */
export class ScheduledRelease {
  readonly #options: { hot: Pool; log: Log; metrics: RecoverMetrics; wake: Wake; pollMs: number };
  #alarm: NodeJS.Timeout | undefined;

  /** @param options `wake`: notified when the next message is due, if that is sooner than `pollMs` */
  constructor(options: { hot: Pool; log: Log; metrics: RecoverMetrics; wake: Wake; pollMs: number }) {
    this.#options = options;
  }

  /** @returns whether there may be more at once */
  async runOnce(): Promise<boolean> {
    clearTimeout(this.#alarm);
    const { hot, log, metrics, wake, pollMs } = this.#options;
    const released = await releaseDue(hot, AT_ONCE);
    metrics.released.inc(released);
    if (released > 0) log.debug({ released }, "scheduled messages are due");
    if (released === AT_ONCE) return true;
    const inMs = await readNextScheduled(hot);
    if (inMs !== null && inMs < pollMs)
      this.#alarm = setTimeout(() => wake.notify(), Math.max(PACE_MS, Math.ceil(inMs) + 1));
    return false;
  }

  stop(): void {
    clearTimeout(this.#alarm);
  }
}
