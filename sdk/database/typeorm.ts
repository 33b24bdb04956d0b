import type { DataSource, EntityManager } from "typeorm";
import type { Database, Dialect } from "./database.ts";

/** A database behind TypeORM. Your work is handed the transaction's entity manager. */
export function typeormDatabase(
  source: DataSource,
  isolation?: "READ COMMITTED" | "REPEATABLE READ" | "SERIALIZABLE",
): Database<EntityManager> {
  const dialect: Dialect | undefined = DIALECTS[source.options.type];
  if (!dialect)
    throw new TypeError(`typeormDatabase does not know databases of type ${source.options.type}.`);
  return {
    dialect,
    transaction: (work) => (isolation ? source.transaction(isolation, work) : source.transaction(work)),
    async query(manager, sql) {
      const result: unknown = await manager.query(sql);
      if (!Array.isArray(result)) return []; // MySQL, a statement without rows
      const rows: unknown = Array.isArray(result[0]) ? result[0] : result; // PostgreSQL, DELETE: [rows, count]
      return rows as Record<string, unknown>[];
    },
  };
}

const DIALECTS: Record<string, Dialect> = {
  postgres: "postgresql",
  cockroachdb: "postgresql",
  "aurora-postgres": "postgresql",
  mysql: "mysql",
  mariadb: "mysql",
  "aurora-mysql": "mysql",
};
