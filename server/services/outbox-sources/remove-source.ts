import { inTransaction, type Pool } from "../../db.ts";
import { appendAudit } from "../../store/audit.ts";
import { findOutboxSource, removeOutboxSource } from "../../store/outbox-sources.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { noSuchSource } from "./read-source.ts";
import { specOf } from "./source-spec.ts";

/**
 * Forgets a source. Rows that wait in it stay in the business database, uncollected; what was collected goes its way.
 *
 * @throws SurelayError `not_found`
 */
export function removeSource(db: Pool, name: string, by: Acting): Promise<void> {
  return inTransaction(db, async (tx) => {
    const before = await findOutboxSource(tx, name);
    if (before === null || !(await removeOutboxSource(tx, name))) throw noSuchSource(name);
    await appendAudit(
      tx,
      entryOf(by, {
        action: "outbox_source.remove",
        targetKind: "outbox_source",
        targetId: name,
        before: specOf(before),
      }),
    );
  });
}
