import pg from "pg";
import { pgDatabase } from "surelay-producer/pg";
import { retry } from "./retry.ts";

/**
 * Opens a database of the shop, made on first use together with its tables.
 *
 * @param adminUrl a database on the same server, of a user that may create databases
 * @param onFailure told of every failed attempt, and of idle connections that are lost later
 */
export async function openDatabase(
  adminUrl: string,
  name: string,
  tables: string,
  stop: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<pg.Pool> {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  // Not even a refusal ends the process: it says what is wrong once a minute, and goes on when somebody has mended it.
  const persistently = { stop, onFailure, worthRetrying: () => true };
  await retry(() => createDatabase(adminUrl, name), persistently);
  const pool = new pg.Pool({
    connectionString: url.href,
    max: 16,
    connectionTimeoutMillis: 5000,
    statement_timeout: 10_000,
    application_name: name,
  });
  // A lost connection fails the query that uses it and is an event besides, which without a listener ends the process.
  pool.on("error", onFailure);
  pool.on("connect", (client) => client.on("error", () => undefined));
  await retry(() => pgDatabase(pool).transaction((tx) => createTables(tx, tables)), persistently);
  return pool;
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5000 });
  client.on("error", () => undefined); // the query under way fails as well
  try {
    await client.connect();
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "42P04" || code === "23505") return; // somebody made it at the same moment
    throw error;
  } finally {
    await client.end();
  }
}

async function createTables(tx: pg.PoolClient, tables: string): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('shop tables'))"); // IF NOT EXISTS alone may fail beside a twin
  await tx.query(tables);
}
