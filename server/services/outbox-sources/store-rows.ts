import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type SourceHold, takeInHand } from "../../store/outbox-progress.ts";
import { storeCollected } from "../../store/store-collected.ts";
import type { Submission } from "../intake/judge-repeat.ts";
import { storeFlush } from "../intake/store-flush.ts";

/** A row on its way: its name in the source and the message it becomes. */
export interface RowInHand {
  ref: string;
  submission: Submission;
}

/** `lost`: the source has another owner. `refused`: of the rows named nothing can become of as they are. Nothing was stored. */
export type RowsStored =
  | { kind: "stored" }
  | { kind: "lost" }
  | { kind: "refused"; rows: { ref: string; error: SurelayError }[] };

class RolledBack extends Error {
  readonly result: RowsStored;

  constructor(result: RowsStored) {
    super("rolled back");
    this.result = result;
  }
}

/**
 * Stores rows as READY messages, in their order, together with the mark that names them: one transaction, guarded by the
 * source's epoch. Whoever owns the source afterwards knows from the mark that they are stored, whatever their ids are, so
 * the rows may be deleted from the source from then on and not before.
 *
 * A row whose id stands in the store already is not stored again if it says the same: that is looked at in a second try,
 * for rows are new nearly always.
 *
 * @param pool with pinned plans
 * @throws whatever the database said; after a lost connection the outcome is unknown, and the mark tells it
 */
export async function storeRows(
  pool: Pool,
  hold: SourceHold,
  rows: readonly RowInHand[],
): Promise<RowsStored> {
  const refs = rows.map((row) => row.ref);
  const submissions = rows.map((row) => row.submission);
  if (submissions.every(({ verdict }) => verdict === "ok")) {
    const done = await storeCollected(pool, hold, refs, submissions);
    if (done !== "repeats") return { kind: done };
  }
  try {
    return await inTransaction<RowsStored>(pool, async (tx) => {
      if (!(await takeInHand(tx, hold, refs))) throw new RolledBack({ kind: "lost" });
      const results = await storeFlush("send", tx, submissions);
      const refused = results.flatMap((error, i) =>
        error instanceof SurelayError ? [{ ref: refs[i]!, error }] : [],
      );
      const away = refused.find(({ error }) => error.retryable);
      if (away) throw away.error; // somebody else is storing the same id just now
      // All or none: a later row of a refused one's key must not be stored before it.
      if (refused.length > 0) throw new RolledBack({ kind: "refused", rows: refused });
      return { kind: "stored" };
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.result;
    throw error;
  }
}
