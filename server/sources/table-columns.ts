import type { OutboxSourceSpec } from "../domain/outbox-source.ts";
import { SourceFault } from "./source-fault.ts";

/** Columns of the layout `surelay`, as sdk/producer/sql makes them. */
export const SURELAY_COLUMNS = [
  "seq",
  "id",
  "topic",
  "message_key",
  "type",
  "business_key",
  "content_type",
  "headers",
  "traceparent",
  "payload",
  "deliver_at",
  "created_at",
] as const;

/** Columns that Debezium's outbox event router documents. */
export const DEBEZIUM_COLUMNS = ["id", "aggregatetype", "aggregateid", "type", "payload"] as const;

/** Types by column name, lower case as the database tells them. */
export type ColumnTypes = ReadonlyMap<string, string>;

/** @throws SourceFault `no_table`, `wrong_columns` */
export function requireColumns(spec: OutboxSourceSpec, place: string, found: ColumnTypes): void {
  if (found.size === 0)
    throw new SourceFault("no_table", `${place}: there is no such table, or it may not be seen`);
  const wanted = [
    ...(spec.layout === "surelay" ? SURELAY_COLUMNS : DEBEZIUM_COLUMNS),
    ...(spec.orderColumn === null ? [] : [spec.orderColumn]),
  ];
  const missing = wanted.filter((column) => !found.has(column));
  if (missing.length > 0)
    throw new SourceFault("wrong_columns", `${place}: the table lacks ${missing.join(", ")}`);
}

/** Schema and table of a declaration; null: wherever the connection looks by itself. */
export function splitTable(table: string): { schema: string | null; name: string } {
  const [first, second] = table.split(".");
  return second === undefined ? { schema: null, name: first! } : { schema: first!, name: second };
}

/** The name of a row in the layout `surelay`: its number alone could come again when a table is emptied and made anew. */
export const refOf = (seq: string, id: string): string => `${seq}:${id}`;

/** Numbers and ids of such names; what is none is left out. */
export function splitRefs(refs: readonly string[]): { seqs: string[]; ids: string[] } {
  const seqs: string[] = [];
  const ids: string[] = [];
  for (const ref of refs) {
    const at = ref.indexOf(":");
    if (at <= 0 || !/^\d+$/.test(ref.slice(0, at))) continue;
    seqs.push(ref.slice(0, at));
    ids.push(ref.slice(at + 1));
  }
  return { seqs, ids };
}
