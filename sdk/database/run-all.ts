import type { Database } from "./database.ts";

/** Runs statements one after the other. @returns the last one's rows */
export async function runAll<Tx>(
  database: Pick<Database<Tx>, "query">,
  tx: Tx,
  statements: readonly string[],
): Promise<readonly Record<string, unknown>[]> {
  let rows: readonly Record<string, unknown>[] = [];
  for (const statement of statements) rows = await database.query(tx, statement);
  return rows;
}
