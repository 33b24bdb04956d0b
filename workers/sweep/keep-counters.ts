import { Counter, Gauge } from "prom-client";
import { repairFlow, tidyFlow } from "../../server/store/message-flow-upkeep.ts";
import { readBacklogs } from "../../server/store/read-flow.ts";
import type { ProcessContext } from "../runtime/process.ts";

/** Beyond this many waiting messages they are not counted through: it would take longer than a statement may. */
export const MOST_CHECKED = 1_000_000;

export interface CounterKeeper {
  /** Adds up minutes gone by; true: there may be more at once. */
  tidyOnce(): Promise<boolean>;
  /** Holds the counters against the messages and mends what differs. */
  checkOnce(): Promise<boolean>;
}

/** Keeps the counters of server/store/message-flow.ts small and true. */
export function keepCounters(ctx: ProcessContext): CounterKeeper {
  const { pool, log, config } = ctx;
  const waiting = new Gauge({
    name: "surelay_messages_waiting",
    help: "Messages in a state that somebody has to move them out of.",
    labelNames: ["state"],
    registers: [ctx.metrics],
  });
  const mended = new Counter({
    name: "surelay_flow_cohorts_mended_total",
    help: "Counters that did not say what was stored and were mended. More than none after an upgrade: something writes past the service.",
    registers: [ctx.metrics],
  });
  return {
    tidyOnce: async () => {
      const { more } = await tidyFlow(pool, config.SURELAY_FLOW_DAYS);
      waiting.reset();
      for (const { state, count } of await readBacklogs(pool)) waiting.inc({ state }, count);
      return more;
    },
    checkOnce: async () => {
      const total = (await readBacklogs(pool)).reduce((sum, { count }) => sum + count, 0);
      if (total > MOST_CHECKED) {
        log.info({ total }, "too many messages wait to hold the counters against them; next time");
        return false;
      }
      const cohorts = await repairFlow(pool);
      if (cohorts !== null && cohorts > 0) {
        mended.inc(cohorts);
        log.warn({ cohorts }, "counters differed from the stored messages and were mended");
      }
      return false;
    },
  };
}
