import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { pauseLane as pause, resumeLane as resume } from "../../store/pauses.ts";
import type { Acting } from "../registry/acting.ts";
import { recordPause } from "../registry/record-pause.ts";
import { forgetBoard } from "./read-board.ts";

/**
 * Keeps a lane's owner from sending, or lets it go on. What is in hand is finished; order per key holds.
 *
 * @returns `changed` false: it was so already; nothing was written
 * @throws SurelayError `not_found`
 */
export async function pauseLane(
  db: Pool,
  { lane, paused }: { lane: number; paused: boolean },
  by: Acting,
): Promise<{ changed: boolean }> {
  const result = await inTransaction(db, async (tx) => {
    const reason = by.reason ?? null;
    const done = await (paused ? pause(tx, lane, { by: by.actor.username, reason }) : resume(tx, lane));
    if (!done) throw new SurelayError("not_found", `There is no lane ${lane}.`);
    return recordPause(tx, by, { kind: "lane", id: String(lane), paused }, done);
  });
  forgetBoard(db);
  return result;
}
