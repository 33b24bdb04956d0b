import { inTransaction, type Pool } from "../../db.ts";
import type { OutboxSourceSpec } from "../../domain/outbox-source.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { insertOutboxSource } from "../../store/outbox-sources.ts";
import { type Acting, entryOf } from "../registry/acting.ts";

/**
 * Declares a new source; a collector begins with it within moments.
 *
 * @throws SurelayError `id_conflict`: there is one of this name; `validation_failed`: there is no such app
 */
export function declareSource(db: Pool, spec: OutboxSourceSpec, by: Acting): Promise<void> {
  return inTransaction(db, async (tx) => {
    const done = await insertOutboxSource(tx, spec);
    if (done === "taken")
      throw new SurelayError(
        "id_conflict",
        `There is an outbox source ${JSON.stringify(spec.name)} already.`,
      );
    if (done === "no_app") throw noSuchApp(spec.app);
    await appendAudit(
      tx,
      entryOf(by, {
        action: "outbox_source.create",
        targetKind: "outbox_source",
        targetId: spec.name,
        after: spec,
      }),
    );
  });
}

export function noSuchApp(app: string): SurelayError {
  return new SurelayError("validation_failed", `There is no app ${JSON.stringify(app)}; declare it first.`);
}
