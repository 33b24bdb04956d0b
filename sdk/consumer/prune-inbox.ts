import { lowestId } from "../client/canonical-id.ts";
import type { Database } from "../database/database.ts";
import { runAll } from "../database/run-all.ts";
import { INBOX_SQL } from "./inbox-sql.ts";

export interface PruneInboxOptions {
  /** Rows go that are older than this, of messages that are. Default 30; it must outlast whatever may come again. */
  olderThanDays?: number;
  /** Rows of one transaction. Default 5,000. */
  batchSize?: number;
}

const DAY_MS = 86_400_000;

/**
 * Deletes old rows of `surelay_inbox`. A message whose row is gone would be handled anew if it came again: so the rows must
 * outlast the subscription's longest retry window (a consumer checks that at its start), the time within which an operator
 * may send a message again, and the topic's retention if the group's offsets are ever set back. Both the message's own age
 * and the row's count, so one that was delivered late keeps its row as long as any.
 *
 * @returns how many rows it deleted
 */
export async function pruneInbox<Tx>(
  database: Database<Tx>,
  options: PruneInboxOptions = {},
): Promise<number> {
  const { olderThanDays = 30, batchSize = 5000 } = options;
  if (!(olderThanDays > 0)) throw new RangeError("olderThanDays is above 0");
  const sql = INBOX_SQL[database.dialect];
  const cutoff = Math.trunc(Date.now() - olderThanDays * DAY_MS);
  for (let deleted = 0; ; ) {
    const count = await database.transaction(async (tx) =>
      sql.countWritten(await runAll(database, tx, sql.deleteBelow(lowestId(cutoff), cutoff, batchSize))),
    );
    deleted += count;
    if (count < batchSize) return deleted;
  }
}
