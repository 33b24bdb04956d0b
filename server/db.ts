import pg from "pg";
import { OperatorError } from "./errors.ts";
import type { Log } from "./log.ts";

export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;
/** Whatever a statement can run on. A transaction is passed on explicitly as its client. */
export type Queryable = Pick<pg.Pool, "query"> | Pick<pg.PoolClient, "query">;

/**
 * Plans of the hot statements are pinned for the connections that run them: PostgreSQL's generic plans turn to
 * bitmap scans and sorts over dead entries when statistics lag behind a queue's churn (measured: a hundredfold).
 * Nested loops over the primary key and the partial indexes are right at every size these statements see.
 */
const PINNED_PLAN = [
  "-c enable_bitmapscan=off",
  "-c enable_seqscan=off",
  "-c enable_sort=off",
  "-c enable_mergejoin=off",
  "-c enable_hashjoin=off",
  "-c enable_material=off",
  "-c jit=off",
  "-c plan_cache_mode=force_generic_plan",
].join(" ");

export interface PoolOptions {
  url: string;
  max: number;
  /** Shown in pg_stat_activity. */
  name: string;
  log: Log;
  /** Pin plans: for pools that run nothing but the hot statements of server/store. */
  hot?: boolean;
  /** A statement running longer is cancelled by the server, ms. */
  statementTimeoutMs?: number;
  /** A transaction that waits longer for its next statement is rolled back by the server, ms. Default: the server's own. */
  idleInTransactionMs?: number;
}

/** A connection pool. Errors of idle connections are logged, not thrown: the next query opens a new one. */
export function createPool(options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: `surelay ${options.name}`,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    ...(options.idleInTransactionMs && { idle_in_transaction_session_timeout: options.idleInTransactionMs }),
    options: options.hot ? PINNED_PLAN : "-c jit=off",
  });
  pool.on("error", (error) => options.log.warn({ err: error }, "idle database connection lost"));
  // A connection in use that breaks rejects its statement and emits `error` besides; without a listener that ends the process.
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Runs `work` in one transaction: commits when it returns, rolls back when it throws. No network calls inside. */
export async function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((e: Error) => (broken = e));
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Whether a failed statement says that the database could not serve it just now (connection lost, shutting down,
 * too many connections, out of disk, serialisation or deadlock victim) rather than that the statement was wrong.
 */
export function isDatabaseTrouble(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string")
    return error instanceof Error && /timeout|terminated|Connection/i.test(error.message);
  if (/^E[A-Z]+$/.test(code)) return true; // ECONNREFUSED, ECONNRESET, EPIPE, ETIMEDOUT …
  return /^(08|53|57|58|40|25006|55P03)/.test(code);
}

/** Connects once, to tell a person early and in words what is wrong with DATABASE_URL. */
export async function probeDatabase(url: string): Promise<void> {
  const where = new URL(url);
  const address = `${where.hostname}:${where.port || "5432"}`;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT 1");
  } catch (error) {
    const code = (error as { code?: string }).code ?? "";
    if (code === "28P01" || code === "28000")
      throw new OperatorError(
        "database_sign_in",
        `PostgreSQL at ${address} refused user "${where.username}". Check the user and password in DATABASE_URL.`,
        { cause: error },
      );
    if (code === "3D000")
      throw new OperatorError(
        "database_missing",
        `PostgreSQL at ${address} has no database "${where.pathname.slice(1)}". Create it (createdb ${where.pathname.slice(1)}) or correct DATABASE_URL.`,
        { cause: error },
      );
    throw new OperatorError(
      "database_unreachable",
      `PostgreSQL at ${address} does not answer (${(error as Error).message || code}). Start it, correct DATABASE_URL, or unset DATABASE_URL to use the embedded one.`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
