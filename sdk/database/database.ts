/** The dialects that the SDK's tables are written for. MariaDB counts as MySQL. */
export type Dialect = "postgresql" | "mysql";

/**
 * Your database as the SDK uses it. The adapters make one; write your own for a library that has
 * none: three members, no more than ten lines.
 *
 * @typeParam Tx what your code is handed in a transaction
 */
export interface Database<Tx> {
  readonly dialect: Dialect;
  /**
   * Runs `work` in a new transaction of its own connection, never in a savepoint of another. Commits when it returns and
   * resolves only after the COMMIT was answered; rolls back and rejects when it throws.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs one statement without parameters in the transaction. @returns its rows; of a statement without rows, none */
  query(tx: Tx, sql: string): Promise<readonly Record<string, unknown>[]>;
}
