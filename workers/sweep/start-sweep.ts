import { Gauge } from "prom-client";
import { makePartitions, partitionDaysAhead, partitionsBehindDays } from "../../server/store/partitions.ts";
import { runLoop } from "../runtime/loop.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";

const HOURLY_MS = 3_600_000;

/** Makes the store's daily partitions ahead of time. Without today's and tomorrow's, intake has nowhere to write. */
export function startSweep(ctx: ProcessContext): Promise<RunningWorker> {
  const { config, pool, log } = ctx;
  const ahead = new Gauge({
    name: "surelay_partition_days_ahead",
    help: "Whole days from today for which the store has its partitions; -1: not even today's.",
    registers: [ctx.metrics],
  });
  let days = -1;
  const running = runLoop({
    name: "partitions",
    pollMs: HOURLY_MS,
    signal: ctx.signal,
    log,
    runOnce: async () => {
      const behind = partitionsBehindDays(config.SURELAY_ID_PAST_SECONDS);
      const made = await makePartitions(pool, behind, config.SURELAY_PARTITIONS_AHEAD_DAYS);
      days = await partitionDaysAhead(pool);
      ahead.set(days);
      ctx.report({ partitionDaysAhead: days });
      log.info({ made, days }, "partitions made ahead");
      return false;
    },
    onTick: ctx.tick,
  });
  return Promise.resolve({
    stop: () => running,
    readiness: () =>
      Promise.resolve({
        ready: days >= 1,
        checks: { partitionDaysAhead: days < 0 ? "unknown" : String(days) },
      }),
  });
}
