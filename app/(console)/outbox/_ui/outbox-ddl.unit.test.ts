import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OUTBOX_KINDS } from "@/server/domain/outbox-source.ts";
import { OUTBOX_DDL } from "./outbox-ddl.ts";

test.each(OUTBOX_KINDS)("the table shown for %s is the one that the SDK ships", (kind) => {
  const file = join(import.meta.dirname, `../../../../sdk/producer/sql/outbox.${kind}.sql`);
  expect(OUTBOX_DDL[kind]).toBe(readFileSync(file, "utf8"));
});
