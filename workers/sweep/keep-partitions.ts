import { Gauge } from "prom-client";
import { makePartitions, partitionDaysAhead, partitionsBehindDays } from "../../server/store/partitions.ts";
import type { ProcessContext } from "../runtime/process.ts";

export interface PartitionKeeper {
  runOnce(): Promise<boolean>;
  /** Whole days ahead for which the store has its partitions, by the last pass; -1: none, or no pass yet. */
  daysAhead(): number;
}

/** Makes the store's daily partitions ahead of time. Without today's and tomorrow's, intake has nowhere to write. */
export function keepPartitions(ctx: ProcessContext): PartitionKeeper {
  const { config, pool, log } = ctx;
  const ahead = new Gauge({
    name: "surelay_partition_days_ahead",
    help: "Whole days from today for which the store has its partitions; -1: not even today's.",
    registers: [ctx.metrics],
  });
  let days = -1;
  return {
    daysAhead: () => days,
    runOnce: async () => {
      const behind = partitionsBehindDays(config.SURELAY_ID_PAST_SECONDS);
      const made = await makePartitions(pool, behind, config.SURELAY_PARTITIONS_AHEAD_DAYS);
      days = await partitionDaysAhead(pool);
      ahead.set(days);
      log.info({ made, days }, "partitions made ahead");
      return false;
    },
  };
}
