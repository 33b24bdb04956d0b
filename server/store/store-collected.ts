import type { Queryable } from "../db.ts";
import type { SourceHold } from "./outbox-progress.ts";
import { textArray } from "./sql-array.ts";
import { type NewMessage, readyCtes, toColumns } from "./store-messages.ts";

/**
 * The mark of the rows in hand and their messages in one statement: one round trip and no transaction that could be left
 * open, where taking in hand and storing one after the other are four. It is for rows that are all new: should one of them
 * be known already, the division fails and nothing is stored. `woken` is asked for because a part of a statement that nobody
 * asks for is not run: the relay would hear of the rows at its next poll, half a second later.
 */
const STORE_COLLECTED = `
  WITH lease AS (
    UPDATE outbox_progress SET in_hand = $16, collected = collected + $17::int, last_collected_at = now()
    WHERE source_id = $18 AND epoch = $19
    RETURNING source_id
  ), ${readyCtes("WHERE EXISTS (SELECT FROM lease)")}, result AS (
    SELECT (SELECT count(*) FROM lease)::int AS held, (SELECT count(*) FROM stored)::int AS n, (SELECT count(*) FROM wake) AS woken
  )
  SELECT held, CASE WHEN held = 0 OR n = $17::int THEN n ELSE 1 / (held - held) END AS n, woken FROM result`;

/** `repeats`: an id of these is stored already, or stands among them twice; nothing was stored. `lost`: nor was it then. */
export type CollectedStored = "stored" | "repeats" | "lost";

/**
 * Stores rows of a source as READY messages, in their order, guarded by the source's epoch.
 *
 * @param refs names of the rows, as many as there are messages
 * @throws whatever the database said
 */
export async function storeCollected(
  db: Queryable,
  hold: SourceHold,
  refs: readonly string[],
  messages: readonly NewMessage[],
): Promise<CollectedStored> {
  try {
    const { rows } = await db.query<[number, number]>({
      name: "store-collected",
      text: STORE_COLLECTED,
      values: [
        ...toColumns(messages),
        textArray(refs),
        messages.length,
        hold.sourceId,
        hold.epoch.toString(),
      ],
      rowMode: "array",
    });
    return rows[0]![0] > 0 ? "stored" : "lost";
  } catch (error) {
    if ((error as { code?: unknown }).code === DIVISION_BY_ZERO) return "repeats";
    throw error;
  }
}

const DIVISION_BY_ZERO = "22012";
