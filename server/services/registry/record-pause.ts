import type { Queryable } from "../../db.ts";
import { appendAudit } from "../../store/audit.ts";
import { type Acting, entryOf } from "./acting.ts";

/** What was done about a pause: `before` is the pause that stood until then. */
interface Done {
  changed: boolean;
  before: unknown;
}

/**
 * Writes a pause, or its end, into the audit log, in the transaction that made it; nothing if it was so already.
 *
 * @param on for example `{ kind: "topic", id: "orders.created" }`
 */
export async function recordPause(
  tx: Queryable,
  by: Acting,
  on: { kind: string; id: string; paused: boolean },
  done: Done,
): Promise<{ changed: boolean }> {
  const { kind, id, paused } = on;
  if (done.changed)
    await appendAudit(
      tx,
      entryOf(by, {
        action: `${kind}.${paused ? "pause" : "resume"}`,
        targetKind: kind,
        targetId: id,
        before: { paused: done.before },
        after: { paused },
      }),
    );
  return { changed: done.changed };
}
