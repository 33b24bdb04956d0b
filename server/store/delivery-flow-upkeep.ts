import type { Pool, Queryable } from "../db.ts";
import { FlowUpkeep, type FlowDifference } from "./flow-upkeep.ts";
import { minuteOf } from "./message-flow.ts";

const cohortsOf = (from: string): string =>
  `SELECT ${minuteOf("d.moved_at")} AS minute, d.state, d.subscription_id, count(*)::int AS n FROM ${from} GROUP BY 1, 2, 3`;

const deliveries = new FlowUpkeep({
  table: "delivery_flow",
  owner: ["subscription_id"],
  counted: ["entered"],
  waiting: ["PENDING", "WAITING", "DEAD"],
  actual: [
    "delivery d WHERE d.state = 'PENDING' AND d.due_at IS NOT NULL",
    "delivery d WHERE d.state IN ('WAITING', 'DEAD')",
  ].map(cohortsOf),
});

/** A pass of the upkeep of deliveries' counters. @param keepDays age at which the history is forgotten, days */
export function tidyDeliveryFlow(
  db: Queryable,
  keepDays: number,
): Promise<{ merged: number; settled: number; more: boolean }> {
  return deliveries.tidy(db, keepDays);
}

/** Where deliveries and their counters differ. */
export function compareDeliveryFlow(db: Queryable): Promise<(FlowDifference & { subscriptionId: number })[]> {
  return deliveries.compare(db, `subscription_id AS "subscriptionId"`);
}

/** Makes the counters say what is stored. @returns cohorts that were mended; null: another process is at it */
export function repairDeliveryFlow(pool: Pool): Promise<number | null> {
  return deliveries.repair(pool);
}
