import { BARRIER_SQL, type Outcome } from "./barrier-sql.ts";
import type { Database } from "../database/database.ts";
import { lowestId } from "../client/canonical-id.ts";
import { timeOfMessageId } from "../client/new-message-id.ts";
import { SurelayError } from "../client/surelay-error.ts";
import { runAll } from "../database/run-all.ts";

// The barrier is a row per message in the business database: whoever inserts it first decides. The business transaction
// writes `committed` as its first statement; who asks writes `rolled_back`. The unique key makes the one wait for the other
// as long as a transaction is open, and refuses a transaction that comes late.

/**
 * Writes the barrier rows as the transaction's first statement. `transactIn` does it for you; call it yourself only where
 * a framework owns the transaction, and confirm after its commit.
 *
 * @throws SurelayError `already_committed`, `already_rolled_back`: the transaction must not go on, let it roll back
 */
export async function enterBarrier<Tx>(
  database: Database<Tx>,
  tx: Tx,
  ids: readonly string[],
): Promise<void> {
  const sql = BARRIER_SQL[database.dialect];
  const rows = await runAll(database, tx, sql.insert(ids, "committed"));
  if (sql.countInserted(rows) === ids.length) return;
  for (const id of ids) {
    const [row] = await database.query(tx, sql.readOutcome(id));
    if (row?.outcome === "rolled_back")
      throw new SurelayError(
        "already_rolled_back",
        "A check-back came before this transaction began and was told that it is rolled back.",
        { messageId: id },
      );
  }
  throw new SurelayError("already_committed", "The transaction of this message was committed before.", {
    messageId: ids[0],
  });
}

/**
 * Whether the transaction that entered is still the one we are in. It is not when the database rolled it back under the
 * work's feet and the work swallowed the error: PostgreSQL answers COMMIT with a silent ROLLBACK then, and MySQL after a
 * deadlock goes on outside any transaction.
 *
 * @throws SurelayError `transaction_lost`, or whatever the database says about an aborted transaction
 */
export async function requireBarrier<Tx>(
  database: Database<Tx>,
  tx: Tx,
  ids: readonly string[],
): Promise<void> {
  const [row] = await database.query(tx, BARRIER_SQL[database.dialect].countCommitted(ids));
  if (Number(row?.n) === ids.length) return;
  throw new SurelayError(
    "transaction_lost",
    "The transaction was rolled back before the work returned: an error of the database was swallowed, or the work ended the transaction itself.",
    { messageId: ids[0] },
  );
}

/**
 * What became of a message's transaction, for good: waits for one that is open, and shuts out one that would come later.
 * `pruned`: too old to tell, its row may have been deleted.
 *
 * @param waitMs how long to wait for an open transaction
 * @throws whatever the database throws, a lock time-out among them: then nothing is known
 */
export async function decideOutcome<Tx>(
  database: Database<Tx>,
  id: string,
  waitMs: number,
): Promise<Outcome | "pruned"> {
  const until = performance.now() + waitMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await decideOnce(database, id, Math.max(1, until - performance.now()));
    } catch (error) {
      // At an isolation above READ COMMITTED, or between two who ask at once on MySQL, the statement that waited fails
      // when the other one commits; asked anew it sees the row.
      if (attempt >= 3 || performance.now() >= until) throw error;
    }
  }
}

async function decideOnce<Tx>(
  database: Database<Tx>,
  id: string,
  waitMs: number,
): Promise<Outcome | "pruned"> {
  const sql = BARRIER_SQL[database.dialect];
  let pruned = false;
  try {
    return await database.transaction(async (tx) => {
      await runAll(database, tx, sql.limitWaits(waitMs));
      try {
        const rows = await runAll(database, tx, sql.insert([id], "rolled_back"));
        if (sql.countInserted(rows) === 0) return await readStanding(database, tx, id);
        pruned = (await database.query(tx, sql.isPruned(timeOfMessageId(id)))).length > 0;
        if (pruned) throw new Error("pruned"); // takes the row back
        return "rolled_back";
      } finally {
        // On a failed transaction this may fail as well: then the connection is beyond use, and its library drops it.
        await runAll(database, tx, sql.restoreWaits()).catch(() => undefined);
      }
    });
  } catch (error) {
    if (pruned) return "pruned";
    throw error;
  }
}

async function readStanding<Tx>(database: Database<Tx>, tx: Tx, id: string): Promise<Outcome> {
  const [row] = await database.query(tx, BARRIER_SQL[database.dialect].readOutcome(id));
  if (row?.outcome === "committed" || row?.outcome === "rolled_back") return row.outcome;
  throw new Error(`surelay_barrier has no row that stands for ${id}`);
}

export interface PruneOptions {
  /** Rows of messages older than this go. Default 30; it must outlast the longest a message waits UNDECIDED. */
  olderThanDays?: number;
  /** Rows of one transaction. Default 5,000. */
  batchSize?: number;
}

const DAY_MS = 86_400_000;

/**
 * Deletes old rows of `surelay_barrier`; run it once a day. First it writes down up to where it deletes, so that a late
 * check-back about an older message is answered `unknown` instead of taking a deleted row for a rollback.
 *
 * @returns how many rows it deleted
 */
export async function pruneBarrier<Tx>(database: Database<Tx>, options: PruneOptions = {}): Promise<number> {
  const { olderThanDays = 30, batchSize = 5000 } = options;
  if (!(olderThanDays >= 1)) throw new RangeError("olderThanDays is at least 1");
  const sql = BARRIER_SQL[database.dialect];
  const cutoff = Math.trunc(Date.now() - olderThanDays * DAY_MS);
  await database.transaction((tx) => database.query(tx, sql.raiseWatermark(cutoff)));
  for (let deleted = 0; ; ) {
    const count = await database.transaction(async (tx) =>
      sql.countInserted(await runAll(database, tx, sql.deleteBelow(lowestId(cutoff), batchSize))),
    );
    deleted += count;
    if (count < batchSize) return deleted;
  }
}
