import type { Pool, PoolClient } from "pg";
import type { Database } from "./database.ts";

export interface PgDatabaseOptions {
  /** Default: the database's own, READ COMMITTED unless somebody changed it. */
  isolation?: "READ COMMITTED" | "REPEATABLE READ" | "SERIALIZABLE";
}

/** PostgreSQL through `pg` (node-postgres). Your work is handed a client of the pool, in a transaction. */
export function pgDatabase(pool: Pool, options: PgDatabaseOptions = {}): Database<PoolClient> {
  const begin = options.isolation ? `BEGIN ISOLATION LEVEL ${options.isolation}` : "BEGIN";
  return {
    dialect: "postgresql",
    async transaction(work) {
      const client = await pool.connect();
      // A connection that is lost while no query runs is an event, which without a listener ends the process.
      let broken: Error | undefined;
      const lost = (error: Error) => (broken = error);
      client.on("error", lost);
      try {
        await client.query(begin);
        const result = await work(client);
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch(lost);
        throw error;
      } finally {
        client.off("error", lost);
        client.release(broken);
      }
    },
    query: async (client, sql) => (await client.query(sql)).rows as Record<string, unknown>[],
  };
}
