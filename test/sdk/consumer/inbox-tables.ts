import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../server/config/project-root.ts";

/** The inbox's DDL as the package ships it. */
export function inboxDdl(dialect: "postgresql" | "mysql"): string {
  return readFileSync(join(projectRoot(), `sdk/consumer/sql/inbox.${dialect}.sql`), "utf8");
}

/** What a handler writes: nothing keeps it from being written twice but the inbox. */
export const EFFECTS = `CREATE TABLE effect (
  n            bigserial PRIMARY KEY,
  message_id   uuid NOT NULL,
  subscription text NOT NULL,
  key          text,
  seq          integer,
  attempt      integer NOT NULL
)`;
