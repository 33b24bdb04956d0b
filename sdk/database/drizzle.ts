import type { Database, Dialect } from "./database.ts";

/** What is used of a Drizzle database over `node-postgres`, `postgres` or `mysql2`. */
export interface DrizzleLike {
  // oxlint-disable-next-line typescript/no-explicit-any -- each driver has its own transaction type
  transaction: (work: (tx: any) => Promise<any>, config?: any) => Promise<any>;
}

type DrizzleTransaction<Db extends DrizzleLike> = Parameters<Parameters<Db["transaction"]>[0]>[0];

export interface DrizzleDatabaseOptions<Db extends DrizzleLike> {
  dialect: Dialect;
  /** As for `db.transaction`: isolation level and the like. */
  transaction?: Parameters<Db["transaction"]>[1];
}

/** A database behind Drizzle. Your work is handed Drizzle's transaction. */
export function drizzleDatabase<Db extends DrizzleLike>(
  db: Db,
  options: DrizzleDatabaseOptions<Db>,
): Database<DrizzleTransaction<Db>> {
  if ("rollback" in db)
    throw new TypeError("This is a transaction; give drizzleDatabase the database itself.");
  return {
    dialect: options.dialect,
    transaction: <T>(work: (tx: DrizzleTransaction<Db>) => Promise<T>) =>
      db.transaction(work, options.transaction) as Promise<T>,
    query: async (tx, sql) => rowsOf(await (tx as { execute(sql: string): Promise<unknown> }).execute(sql)),
  };
}

/** node-postgres: `{rows}`; postgres: the rows; mysql2: `[rows, fields]`, or `[header, undefined]` without rows. */
function rowsOf(result: unknown): Record<string, unknown>[] {
  const rows = Array.isArray(result) ? result : (result as { rows: unknown[] }).rows;
  if (Array.isArray(rows[0])) return rows[0] as Record<string, unknown>[];
  return rows as Record<string, unknown>[];
}
