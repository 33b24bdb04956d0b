import type { Pool, Queryable } from "../db.ts";
import { FlowUpkeep, type FlowDifference } from "./flow-upkeep.ts";
import { enteredAt, minuteOf } from "./message-flow.ts";

/** One partial index per arm: a single IN list would walk the whole table. */
const cohortsOf = (where: string): string =>
  `SELECT ${minuteOf(enteredAt("s"))} AS minute, s.state, s.app_id, s.topic_id, count(*)::int AS n
   FROM message_state s WHERE ${where} GROUP BY 1, 2, 3, 4`;

const messages = new FlowUpkeep({
  table: "message_flow",
  owner: ["app_id", "topic_id"],
  counted: ["entered", "stored"],
  // States that somebody still has to move a message out of.
  waiting: ["PREPARED", "UNDECIDED", "SCHEDULED", "READY", "REJECTED"],
  actual: [
    "state = 'PREPARED'",
    "state = 'SCHEDULED'",
    "state = 'READY' AND held_at IS NULL",
    "state = 'READY' AND held_at IS NOT NULL",
    "state IN ('UNDECIDED', 'REJECTED')",
  ].map(cohortsOf),
});

/** A pass of the upkeep of messages' counters. @param keepDays age at which the history is forgotten, days */
export function tidyFlow(
  db: Queryable,
  keepDays: number,
): Promise<{ merged: number; settled: number; more: boolean }> {
  return messages.tidy(db, keepDays);
}

/** Where messages and their counters differ. */
export function compareFlow(db: Queryable): Promise<(FlowDifference & { appId: number; topicId: number })[]> {
  return messages.compare(db, `app_id AS "appId", topic_id AS "topicId"`);
}

/** Makes the counters say what is stored. @returns cohorts that were mended; null: another process is at it */
export function repairFlow(pool: Pool): Promise<number | null> {
  return messages.repair(pool);
}
