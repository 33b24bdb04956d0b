import type { Knex } from "knex";
import type { Database, Dialect } from "./database.ts";

/** A database behind Knex (clients `pg`, `mysql2` and `mysql`). Your work is handed Knex's transaction. */
export function knexDatabase(knex: Knex, config?: Knex.TransactionConfig): Database<Knex.Transaction> {
  if (knex.isTransaction)
    throw new TypeError("This is a transaction; give knexDatabase the Knex instance itself.");
  const client = String((knex.client as { config?: { client?: unknown } }).config?.client);
  const dialect: Dialect | undefined = DIALECTS[client];
  if (!dialect)
    throw new TypeError(`knexDatabase knows the clients ${Object.keys(DIALECTS).join(", ")}; not ${client}.`);
  return {
    dialect,
    transaction: (work) => knex.transaction(work, config),
    async query(trx, sql) {
      const result = (await trx.raw(sql)) as { rows?: unknown } | [unknown, unknown];
      const rows = Array.isArray(result) ? result[0] : result.rows;
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    },
  };
}

const DIALECTS: Record<string, Dialect> = {
  pg: "postgresql",
  postgres: "postgresql",
  postgresql: "postgresql",
  cockroachdb: "postgresql",
  mysql: "mysql",
  mysql2: "mysql",
};
