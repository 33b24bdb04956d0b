import { forgetFailures } from "../../server/store/forget-failures.ts";
import { forgetWorkers } from "../../server/store/workers.ts";
import { runLoop } from "../runtime/loop.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import { clearRemovedOnce } from "./clear-removed.ts";
import { keepCounters } from "./keep-counters.ts";
import { keepPartitions } from "./keep-partitions.ts";

const HOURLY_MS = 3_600_000;
/** How far the counters' table may grow between two passes: a few hundred rows of busy minutes. */
const TIDY_MS = 20_000;
/** How long deliveries of a removed subscription may stand open. */
const REMOVED_MS = 5000;
/** A process that was not heard of for this long is shown no more. */
const FORGET_WORKERS_DAYS = 7;

/**
 * What the store needs to stay usable: partitions ahead of time, counters that are small and true, nothing open of what was
 * removed. Any number may run.
 */
export function startSweep(ctx: ProcessContext): Promise<RunningWorker> {
  const partitions = keepPartitions(ctx);
  const counters = keepCounters(ctx);
  const loop = (name: string, pollMs: number, runOnce: () => Promise<boolean>) =>
    runLoop({
      name,
      pollMs,
      runOnce,
      signal: ctx.signal,
      log: ctx.log,
      onTick: ctx.tick,
      isQuiet: ctx.isQuiet,
    });
  const running = Promise.all([
    loop("partitions", HOURLY_MS, async () => {
      const more = await partitions.runOnce();
      ctx.report({ partitionDaysAhead: partitions.daysAhead() });
      return more;
    }),
    loop("counters", TIDY_MS, () => counters.tidyOnce()),
    loop("counters-check", HOURLY_MS, () => counters.checkOnce()),
    loop("removed-subscriptions", REMOVED_MS, () => clearRemovedOnce(ctx)),
    loop("failures", HOURLY_MS, () => forgetFailures(ctx.pool, ctx.config.SURELAY_FLOW_DAYS)),
    loop("workers", HOURLY_MS, async () => {
      const forgotten = await forgetWorkers(ctx.pool, FORGET_WORKERS_DAYS);
      if (forgotten > 0) ctx.log.info({ forgotten }, "processes not heard of for long are forgotten");
      return false;
    }),
  ]);
  return Promise.resolve({
    stop: async () => {
      await running;
    },
    readiness: () => {
      const days = partitions.daysAhead();
      return Promise.resolve({
        ready: days >= 1,
        checks: { partitionDaysAhead: days < 0 ? "unknown" : String(days) },
      });
    },
  });
}
