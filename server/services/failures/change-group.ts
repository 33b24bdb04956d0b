import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { ignoreFailureGroup, noteFailureGroup } from "../../store/failure-groups.ts";
import { type Acting, entryOf } from "../registry/acting.ts";

/** Characters of a note. */
export const NOTE_LIMIT = 2000;

/**
 * Writes what people know of a group beside it; blank: takes the note away.
 *
 * @throws SurelayError `not_found` | `validation_failed` (too long)
 */
export function noteGroup(db: Pool, change: { id: string; note: string }, by: Acting): Promise<void> {
  const note = change.note.trim();
  if (note.length > NOTE_LIMIT)
    throw new SurelayError("validation_failed", `A note has at most ${NOTE_LIMIT} characters.`);
  return inTransaction(db, async (tx) => {
    const text = note === "" ? null : note;
    const before = await noteFailureGroup(tx, change.id, { text, by: by.actor.username });
    if (before === null) throw new SurelayError("not_found", "There is no such group of failures.");
    if (before.note === text) return;
    await appendAudit(
      tx,
      entryOf(by, {
        action: "failure_group.note",
        targetKind: "failure_group",
        targetId: change.id,
        before,
        after: { note: text },
      }),
    );
  });
}

/**
 * Leaves a group out of lists and counts, for good or until more than `untilPerMinute` of it fail in one minute; or lets it
 * count again. Its deliveries are tried again all the same.
 *
 * @param change `ignored` false: it counts again
 * @throws SurelayError `not_found` | `validation_failed`
 */
export function ignoreGroup(
  db: Pool,
  change: { id: string; ignored: boolean; untilPerMinute: number | null },
  by: Acting,
): Promise<void> {
  const { id, ignored, untilPerMinute } = change;
  if (
    untilPerMinute !== null &&
    !(Number.isInteger(untilPerMinute) && untilPerMinute > 0 && untilPerMinute < 2 ** 31)
  )
    throw new SurelayError(
      "validation_failed",
      "A rate is a whole number of failures per minute, at least 1.",
    );
  return inTransaction(db, async (tx) => {
    const ignoring = ignored ? { by: by.actor.username, untilPerMinute } : null;
    const before = await ignoreFailureGroup(tx, id, ignoring);
    if (before === null) throw new SurelayError("not_found", "There is no such group of failures.");
    await appendAudit(
      tx,
      entryOf(by, {
        action: ignored ? "failure_group.ignore" : "failure_group.unignore",
        targetKind: "failure_group",
        targetId: id,
        before: { ignoredBy: before.by, untilPerMinute: before.untilPerMinute },
        after: { ignoredBy: ignoring?.by ?? null, untilPerMinute: ignoring?.untilPerMinute ?? null },
      }),
    );
  });
}
