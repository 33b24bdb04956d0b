import { isDeepStrictEqual } from "node:util";
import { inTransaction, type Pool } from "../../db.ts";
import type { OutboxSourceSpec } from "../../domain/outbox-source.ts";
import { appendAudit } from "../../store/audit.ts";
import { changeOutboxSource, findOutboxSource } from "../../store/outbox-sources.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { type ChangedMeanwhile, changedMeanwhile } from "../registry/changed-meanwhile.ts";
import { noSuchApp } from "./declare-source.ts";
import { noSuchSource } from "./read-source.ts";
import { specOf } from "./source-spec.ts";

export type ChangeSourceResult = { kind: "changed" } | { kind: "unchanged" } | ChangedMeanwhile;

/**
 * Changes what a source declares, if it still is as the author saw it. Whoever collects it begins anew with the new
 * declaration.
 *
 * @param seen `updatedAt` of what the author saw
 * @throws SurelayError `not_found`, `validation_failed`: there is no such app
 */
export function changeSource(
  db: Pool,
  change: { source: OutboxSourceSpec; seen: Date },
  by: Acting,
): Promise<ChangeSourceResult> {
  const { source, seen } = change;
  return inTransaction(db, async (tx) => {
    const now = await findOutboxSource(tx, source.name);
    if (now === null) throw noSuchSource(source.name);
    const before = specOf(now);
    if (isDeepStrictEqual(before, specOf(source))) return { kind: "unchanged" };
    const done = await changeOutboxSource(tx, source, seen);
    if (done === "no_app") throw noSuchApp(source.app);
    if (done === "stale") return changedMeanwhile(tx, "outbox_source", source.name);
    await appendAudit(
      tx,
      entryOf(by, {
        action: "outbox_source.change",
        targetKind: "outbox_source",
        targetId: source.name,
        before,
        after: specOf(source),
      }),
    );
    return { kind: "changed" };
  });
}
