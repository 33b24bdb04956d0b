import { inTransaction, type Pool } from "../../db.ts";
import { appendAudit } from "../../store/audit.ts";
import { pauseOutboxSource } from "../../store/outbox-sources.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
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
    if (done.changed)
      await appendAudit(
        tx,
        entryOf(by, {
          action: paused ? "outbox_source.pause" : "outbox_source.resume",
          targetKind: "outbox_source",
          targetId: name,
          before: { paused: done.before },
          after: { paused },
        }),
      );
    return { changed: done.changed };
  });
}
