import { inTransaction, type Pool } from "../../db.ts";
import { pauseOutboxSource } from "../../store/outbox-sources.ts";
import type { Acting } from "../registry/acting.ts";
import { recordPause } from "../registry/record-pause.ts";
import { noSuchSource } from "./read-source.ts";

/**
 * Keeps a source's rows where they are, or lets them be collected again. The batch in hand is finished; the business goes
 * on writing rows all the while.
 *
 * @returns `changed` false: it was so already; nothing was written
 * @throws SurelayError `not_found`
 */
export function pauseSource(
  db: Pool,
  change: { name: string; paused: boolean },
  by: Acting,
): Promise<{ changed: boolean }> {
  const { name, paused } = change;
  return inTransaction(db, async (tx) => {
    const pause = paused ? { by: by.actor.username, reason: by.reason ?? null } : null;
    const done = await pauseOutboxSource(tx, name, pause);
    if (!done) throw noSuchSource(name);
    return recordPause(tx, by, { kind: "outbox_source", id: name, paused }, done);
  });
}
