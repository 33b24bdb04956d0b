import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../server/config/project-root.ts";

/** What stands for the business's own data. */
export const BUSINESS_TABLES = {
  postgresql: "CREATE TABLE IF NOT EXISTS orders (message_id uuid NOT NULL)",
  mysql: "CREATE TABLE IF NOT EXISTS orders (message_id char(36) NOT NULL)",
};

/** The barrier's DDL as the package ships it. */
export function barrierDdl(dialect: "postgresql" | "mysql"): string {
  return readFileSync(join(projectRoot(), `sdk/producer/sql/barrier.${dialect}.sql`), "utf8");
}
