import { SurelayError } from "../client/surelay-error.ts";
import type { Database } from "../database/database.ts";
import { runAll } from "../database/run-all.ts";
import { INBOX_SQL, type InboxKey, type InboxSql, type ReachKey } from "./inbox-sql.ts";

// The inbox is a row per message and subscription in the consumer's own database, written by the transaction of the
// message's effect. Who handles a message that comes again, in this process or in another, waits at its primary key for a
// transaction that is still open, and then finds that it is done.

/** How far a consumer may have got in a partition, and which one. */
export interface Reach {
  reach: number;
  owner: string;
}

export class Inbox<Tx> {
  readonly #database: Database<Tx>;
  readonly #sql: InboxSql;

  constructor(database: Database<Tx>) {
    this.#database = database;
    this.#sql = INBOX_SQL[database.dialect];
  }

  /** First statement of the handler's transaction. @returns false: it was handled before, there is nothing to do */
  async claim(tx: Tx, key: InboxKey, attempt: number): Promise<boolean> {
    const sql = this.#sql;
    if (sql.countWritten(await runAll(this.#database, tx, sql.claim(key, attempt))) > 0) return true;
    const started = sql.claimStarted(key, attempt);
    return started.length > 0 && sql.countWritten(await runAll(this.#database, tx, started)) > 0;
  }

  /**
   * Last statement of the handler's transaction: whether it is still the one that claimed. It is not when the database has
   * rolled back under the handler's feet and the handler swallowed the error: PostgreSQL answers COMMIT with a silent
   * ROLLBACK then, and MySQL after a deadlock goes on outside any transaction.
   *
   * @throws SurelayError `transaction_lost`, or whatever the database says about an aborted transaction
   */
  async requireClaim(tx: Tx, key: InboxKey): Promise<void> {
    const [row] = await this.#database.query(tx, this.#sql.countFinished(key));
    if (Number(row?.n) === 1) return;
    throw new SurelayError(
      "transaction_lost",
      "The transaction was rolled back before the handler returned: an error of the database was swallowed, or the handler ended the transaction itself.",
      { messageId: key.messageId },
    );
  }

  /** @returns the starts that were noted and never ended, or null: it is finished */
  async readStarts(key: InboxKey): Promise<number | null> {
    const [row] = await this.#run([this.#sql.readStarts(key)]);
    if (!row) return 0;
    return Number(row.finished) === 1 ? null : Number(row.n);
  }

  /** Counts a start, in a transaction of its own. @returns the starts so far, or null: it is finished */
  async noteStart(key: InboxKey, attempt: number, maxStarts: number): Promise<number | null> {
    const statements = this.#sql.noteStart(key, attempt, maxStarts);
    const [row] = await this.#run(statements);
    return row ? Number(row.n) : null;
  }

  /** A start that was noted ended, with whatever result: it was no crash. */
  async forgetStarts(key: InboxKey): Promise<void> {
    await this.#run([this.#sql.forgetStarts(key)]);
  }

  async readReach(key: ReachKey): Promise<Reach | null> {
    const [row] = await this.#run([this.#sql.readReach(key)]);
    return row ? { reach: Number(row.reach), owner: String(row.owner) } : null;
  }

  async writeReach(key: ReachKey, { reach, owner }: Reach): Promise<void> {
    await this.#run([this.#sql.writeReach(key, reach, owner)]);
  }

  async releaseReach(subscription: string, owner: string): Promise<void> {
    await this.#run([this.#sql.releaseReach(subscription, owner)]);
  }

  #run(statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
    return this.#database.transaction((tx) => runAll(this.#database, tx, statements));
  }
}
