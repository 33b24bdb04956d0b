import { inTransaction, type Pool } from "../../db.ts";
import { appendAudit } from "../../store/audit.ts";
import { type FailureWish, wishForFailures } from "../../store/outbox-failures.ts";
import { findOutboxSource } from "../../store/outbox-sources.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { noSuchSource } from "./read-source.ts";

/**
 * Asks the collector to try refused rows again at once, or to throw them away: `discard` deletes them from the business
 * database unsent, after which the later rows of their key go on. It is done when the collector has done it; until then the
 * rows stand there with the wish.
 *
 * @param change `refs` of the rows as `readSource` names them; null: all of the source
 * @returns how many rows that was asked for
 * @throws SurelayError `not_found`: no such source
 */
export function settleFailures(
  db: Pool,
  change: { name: string; wanted: FailureWish; refs: readonly string[] | null },
  by: Acting,
): Promise<{ asked: number }> {
  const { name, wanted, refs } = change;
  return inTransaction(db, async (tx) => {
    const source = await findOutboxSource(tx, name);
    if (source === null) throw noSuchSource(name);
    const rows = await wishForFailures(tx, source.id, { wanted, refs, by: by.actor.username });
    if (rows.length > 0)
      await appendAudit(
        tx,
        entryOf(by, {
          action: wanted === "retry" ? "outbox_source.retry_rows" : "outbox_source.discard_rows",
          targetKind: "outbox_source",
          targetId: name,
          after: {
            rows: rows.map(({ ref, messageId, topic, key, code }) => ({ ref, messageId, topic, key, code })),
          },
        }),
      );
    return { asked: rows.length };
  });
}
