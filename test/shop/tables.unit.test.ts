import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ORDER_TABLES } from "../../examples/shop/orders/tables.ts";
import { LEDGER_TABLES } from "../../examples/shop/ledger/tables.ts";
import { SHIPPING_TABLES } from "../../examples/shop/shipping/tables.ts";

/** Statements alone, and as they are for a first start. */
const bare = (sql: string) =>
  sql
    .replaceAll(/--.*$/gm, "")
    .replaceAll("IF NOT EXISTS ", "")
    .replaceAll("OR REPLACE ", "")
    .replaceAll(/\s+/g, " ");

it.for([
  ["producer", "barrier", ORDER_TABLES],
  ["producer", "outbox", SHIPPING_TABLES],
  ["consumer", "inbox", SHIPPING_TABLES],
  ["consumer", "inbox", LEDGER_TABLES],
] as const)("the %s's %s in the shop is the one the SDK is made for", ([sdk, table, tables]) => {
  const file = join(import.meta.dirname, `../../sdk/${sdk}/sql/${table}.postgresql.sql`);
  expect(bare(tables)).toContain(bare(readFileSync(file, "utf8")).trim());
});
