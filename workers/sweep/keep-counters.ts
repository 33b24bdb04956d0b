import { Counter, Gauge } from "prom-client";
import { repairDeliveryFlow, tidyDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { repairFlow, tidyFlow } from "../../server/store/message-flow-upkeep.ts";
import { readDeliveryBacklogs } from "../../server/store/read-delivery-flow.ts";
import { readBacklogs } from "../../server/store/read-flow.ts";
import type { ProcessContext } from "../runtime/process.ts";

/** Beyond this many waiting messages and deliveries they are not counted through: it would take longer than a statement may. */
export const MOST_CHECKED = 1_000_000;

export interface CounterKeeper {
  /** Adds up minutes gone by; true: there may be more at once. */
  tidyOnce(): Promise<boolean>;
  /** Holds the counters against the messages and mends what differs. */
  checkOnce(): Promise<boolean>;
}

/** Keeps the counters of messages and of deliveries small and true (server/store/{message,delivery}-flow.ts). */
export function keepCounters(ctx: ProcessContext): CounterKeeper {
  const { pool, log, config } = ctx;
  const waiting = new Gauge({
    name: "surelay_messages_waiting",
    help: "Messages in a state that somebody has to move them out of.",
    labelNames: ["state"],
    registers: [ctx.metrics],
  });
  const open = new Gauge({
    name: "surelay_deliveries_waiting",
    help: "Deliveries that are neither acknowledged nor discarded. DEAD: they wait for an operator.",
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
      const messages = await tidyFlow(pool, config.SURELAY_FLOW_DAYS);
      const deliveries = await tidyDeliveryFlow(pool, config.SURELAY_FLOW_DAYS);
      waiting.reset();
      for (const { state, count } of await readBacklogs(pool)) waiting.inc({ state }, count);
      open.reset();
      for (const { state, count } of await readDeliveryBacklogs(pool, null)) open.inc({ state }, count);
      return messages.more || deliveries.more;
    },
    checkOnce: async () => {
      const waits = [...(await readBacklogs(pool)), ...(await readDeliveryBacklogs(pool, null))];
      const total = waits.reduce((sum, { count }) => sum + count, 0);
      if (total > MOST_CHECKED) {
        log.info({ total }, "too much waits to hold the counters against them; next time");
        return false;
      }
      for (const [of, repair] of [
        ["messages", repairFlow],
        ["deliveries", repairDeliveryFlow],
      ] as const) {
        const cohorts = await repair(pool);
        if (cohorts === null || cohorts === 0) continue;
        mended.inc(cohorts);
        log.warn({ of, cohorts }, "counters differed from what is stored and were mended");
      }
      return false;
    },
  };
}
