import { createPool } from "../../server/db.ts";
import { releaseDue } from "../../server/store/scheduled-messages.ts";
import { runLoop } from "../runtime/loop.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";

/** How late a scheduled message may become READY beyond its time. */
const POLL_MS = 250;
const AT_ONCE = 500;

/**
 * SCHEDULED → READY when a message's time has come. Any number of replicas share the work: each claims rows that no other
 * has locked, so more of them make it faster and never do it twice.
 */
export function startRecover(ctx: ProcessContext): Promise<RunningWorker> {
  const hot = createPool({ url: ctx.databaseUrl, max: 2, name: "recover hot", log: ctx.log, hot: true });
  let failing = false;
  const running = runLoop({
    name: "scheduled",
    pollMs: POLL_MS,
    signal: ctx.signal,
    log: ctx.log,
    runOnce: async () => {
      failing = true;
      const released = await releaseDue(hot, AT_ONCE);
      failing = false;
      if (released > 0) ctx.log.debug({ released }, "scheduled messages are due");
      return released === AT_ONCE;
    },
    onTick: ctx.tick,
    isQuiet: ctx.isQuiet,
  });
  return Promise.resolve({
    stop: async () => {
      await running;
      await hot.end();
    },
    readiness: () =>
      Promise.resolve({ ready: !failing, checks: { scheduled: failing ? "the last pass failed" : "ok" } }),
  });
}
