import { createPool } from "../../server/db.ts";
import { listenFor } from "../runtime/listen.ts";
import { runLoop, Wake } from "../runtime/loop.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import { RecoverMetrics } from "./recover-metrics.ts";
import { Recoverer } from "./recoverer.ts";
import { ScheduledRelease } from "./scheduled-release.ts";

/** How late a message may be noticed that was scheduled since the last look. */
const SCHEDULED_POLL_MS = 250;
/** How late a deadline or a redelivery may be noticed that came about since the last look. */
const DELIVERY_POLL_MS = 500;
/** One for each loop. */
const HOT_CONNECTIONS = 2;

/**
 * SCHEDULED → READY when a message's time has come; deadlines of deliveries and their redeliveries. Any number of replicas
 * share the work: each claims rows that no other has locked, so more of them make it faster and never do it twice.
 */
export function startRecover(ctx: ProcessContext): Promise<RunningWorker> {
  const { log, signal } = ctx;
  const hot = createPool({ url: ctx.databaseUrl, max: HOT_CONNECTIONS, name: "recover hot", log, hot: true });
  const metrics = new RecoverMetrics(ctx.metrics);
  const wake = new Wake();
  const recoverer = new Recoverer({ hot, log, metrics, wake });
  const nextScheduled = new Wake();
  const pollMs = SCHEDULED_POLL_MS;
  const scheduled = new ScheduledRelease({ hot, log, metrics, wake: nextScheduled, pollMs });
  const failing = new Set<string>();
  ctx.report(() => recoverer.report());
  const loop = (name: string, pollMs: number, runOnce: () => Promise<boolean>, wake: Wake) =>
    runLoop({
      name,
      pollMs,
      wake,
      signal,
      log,
      runOnce: async () => {
        try {
          const more = await runOnce();
          failing.delete(name);
          return more;
        } catch (error) {
          failing.add(name);
          throw error;
        }
      },
      onTick: ctx.tick,
      isQuiet: ctx.isQuiet,
    });
  const running = [
    loop("scheduled", SCHEDULED_POLL_MS, () => scheduled.runOnce(), nextScheduled),
    loop("deliveries", DELIVERY_POLL_MS, () => recoverer.runOnce(), wake),
    // An operator sends something off anew, opens a valve, ends a pause: worth a look at once.
    listenFor(ctx.databaseUrl, "surelay_recover", () => wake.notify(), ctx),
  ];
  return Promise.resolve({
    setQuiet: () => wake.notify(),
    stop: async () => {
      await Promise.all(running);
      recoverer.stop();
      scheduled.stop();
      await hot.end();
    },
    readiness: () =>
      Promise.resolve({
        ready: failing.size === 0,
        checks: {
          scheduled: failing.has("scheduled") ? "the last pass failed" : "ok",
          deliveries: failing.has("deliveries") ? "the last pass failed" : "ok",
        },
      }),
  });
}
