import type { Pool, PoolClient } from "../db.ts";

/** First half of the key; the table's oid is the second. The trigger of sdk/producer/sql looks for the same. */
const CLASS = 72707371;

/**
 * An advisory lock of a session of its own, by which the table's trigger sees that it need not notify.
 *
 * PostgreSQL lets commits that notify take turns, each with its flush of the log, on the whole server: a busy outbox would
 * be bounded by that, and everything else beside it. A collector that is at work looks again anyway.
 */
export function awakeMark(pool: Pool, table: string): { begin(): Promise<void>; end(): Promise<void> } {
  let holder: PoolClient | undefined;
  const lost = () => {
    holder?.release(true);
    holder = undefined;
  };
  return {
    async begin() {
      if (holder) return;
      const client = await pool.connect();
      client.once("error", lost);
      try {
        // Not waited for: another one that holds it, if only for a while, keeps the trigger silent just as well.
        await client.query("SELECT pg_try_advisory_lock($1::bigint << 32 | to_regclass($2)::oid::bigint)", [
          CLASS,
          table,
        ]);
        holder = client;
      } catch (error) {
        client.off("error", lost);
        client.release(true);
        throw error;
      }
    },
    async end() {
      const client = holder;
      holder = undefined;
      if (!client) return;
      client.off("error", lost);
      let broken = false;
      try {
        await client.query("SELECT pg_advisory_unlock_all()");
      } catch {
        broken = true; // with the session the lock is gone as well
      }
      client.release(broken);
    },
  };
}
