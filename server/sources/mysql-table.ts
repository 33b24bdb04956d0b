import { createPool, type Pool, type RowDataPacket } from "mysql2/promise";
import type { OutboxSourceSpec } from "../domain/outbox-source.ts";
import type { OutboxTable, ReadLimits, Skipped, SourceRow, TableLook } from "./outbox-table.ts";
import { asSource } from "./source-fault.ts";
import { type ColumnTypes, refOf, requireColumns, splitRefs, splitTable } from "./table-columns.ts";

const STATEMENT_MS = 30_000;

/** A table in MySQL or MariaDB (InnoDB). Times of the layout `surelay` are UTC there, whatever the server's zone is. */
export function mysqlTable(options: { url: string; spec: OutboxSourceSpec; place: string }): OutboxTable {
  const { url, spec, place } = options;
  const pool = createPool({
    uri: url,
    connectionLimit: 2,
    connectTimeout: 5000,
    enableKeepAlive: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    timezone: "Z",
    charset: "utf8mb4_bin",
    // Its own COUNT of found rows, and no text of several statements.
    multipleStatements: false,
  });
  const { schema, name } = splitTable(spec.table);
  const table = schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
  let columns: ColumnTypes | undefined;
  const layout = async () => {
    if (!columns) {
      const found = await readColumns(pool, schema, name);
      requireColumns(spec, place, found);
      columns = found;
    }
    return spec.layout === "surelay" ? surelay : debezium(spec, columns);
  };
  const run = <T>(work: (columns: Layout) => Promise<T>) => asSource(place, async () => work(await layout()));
  return {
    place,
    inspect: () => {
      columns = undefined;
      return run(async ({ order }) => {
        await rowsOf(pool, `DELETE FROM ${table} WHERE 1 = 0`, []); // the right to it is checked all the same
        const [row] = await rowsOf<{ version: string }>(pool, "SELECT version() AS version", []);
        return `${/maria/i.test(row!.version) ? "" : "MySQL "}${row!.version}, rows in order of ${order.map((column) => column.slice(2)).join(", ")}`;
      });
    },
    read: (limits, skipped) => run((columns) => read(pool, table, columns, limits, skipped)),
    stillThere: (refs) =>
      run(async ({ ref, named }) => {
        const { sql, values } = named(refs);
        const rows = await rowsOf<{ ref: string }>(
          pool,
          `SELECT ${ref} AS ref FROM ${table} t WHERE ${sql}`,
          values,
        );
        return new Set(rows.map((row) => row.ref));
      }),
    remove: (refs) =>
      run(async ({ named }) => {
        if (refs.length === 0) return;
        const { sql, values } = named(refs);
        await rowsOf(pool, `DELETE FROM ${table} WHERE ${sql}`, values);
      }),
    look: (cap) => run((columns) => look(pool, table, columns, cap)),
    stayAwake: () => Promise.resolve(), // nothing wakes here
    close: () => pool.end(),
  };
}

interface Layout {
  /** Columns of a row as `rowOf` names them, but for the payload and its length. */
  select: string;
  /** The payload as bytes. */
  payload: string;
  /** Columns of the table `t`: a bare name would be the text that is selected under it. */
  order: readonly string[];
  ref: string;
  route: string;
  key: string;
  /** The condition that picks rows by their names. */
  named: (refs: readonly string[]) => { sql: string; values: unknown[] };
  writtenAt: string | null;
}

const surelay: Layout = {
  select: `CAST(seq AS CHAR) AS seq, id, topic AS route, message_key AS msg_key, type, business_key, content_type, headers,
    traceparent, deliver_at`,
  payload: "payload",
  order: ["t.seq"],
  ref: "CONCAT(t.seq, ':', t.id)",
  route: "topic",
  key: "message_key",
  // Number and id stand together in no other row; pairs would keep MariaDB from using the index.
  named: (refs) => {
    const { seqs, ids } = splitRefs(refs);
    return { sql: "seq IN (?) AND id IN (?)", values: [orNone(seqs), orNone(ids)] };
  },
  writtenAt: "created_at",
};

function debezium(spec: OutboxSourceSpec, columns: ColumnTypes): Layout {
  const orderType = spec.orderColumn === null ? "" : (columns.get(spec.orderColumn) ?? "");
  const payloadType = columns.get("payload") ?? "";
  const isBytes = /blob|binary/.test(payloadType);
  const idIsBytes = columns.get("id") === "binary";
  const id = idIsBytes ? "LOWER(HEX(id))" : "CAST(id AS CHAR)";
  return {
    select: `NULL AS seq, ${id} AS id, CAST(aggregatetype AS CHAR) AS route, CAST(aggregateid AS CHAR) AS msg_key,
      CAST(type AS CHAR) AS type, NULL AS business_key,
      ${isBytes ? "'application/octet-stream'" : "NULL"} AS content_type, NULL AS headers, NULL AS traceparent, NULL AS deliver_at`,
    payload: isBytes ? "payload" : "CAST(CONVERT(payload USING utf8mb4) AS BINARY)",
    order: spec.orderColumn === null ? ["t.id"] : [`t.${quoted(spec.orderColumn)}`, "t.id"],
    ref: idIsBytes ? "LOWER(HEX(t.id))" : "CAST(t.id AS CHAR)",
    route: "aggregatetype",
    key: "aggregateid",
    named: (refs) =>
      idIsBytes
        ? { sql: "id IN (?)", values: [orNone(refs.map((ref) => Buffer.from(ref, "hex")))] }
        : { sql: "id IN (?)", values: [orNone(refs)] },
    writtenAt: /timestamp|datetime/.test(orderType) ? quoted(spec.orderColumn!) : null,
  };
}

/** An empty list is no SQL; nothing equals NULL. */
function orNone(values: readonly unknown[]): readonly unknown[] {
  return values.length > 0 ? values : [null];
}

async function readColumns(pool: Pool, schema: string | null, name: string): Promise<ColumnTypes> {
  const rows = await rowsOf<{ name: string; type: string }>(
    pool,
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ?`,
    [schema, name],
  );
  return new Map(rows.map((row) => [row.name, row.type.toLowerCase()]));
}

interface Row {
  seq: string | null;
  id: string;
  route: string;
  msg_key: string | null;
  type: string | null;
  business_key: string | null;
  content_type: string | null;
  headers: string | null;
  traceparent: string | null;
  deliver_at: Date | null;
  bytes: string | number | null;
  payload: Buffer | null;
}

async function read(
  pool: Pool,
  table: string,
  columns: Layout,
  limits: ReadLimits,
  skipped: Skipped,
): Promise<SourceRow[]> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  if (skipped.refs.length > 0) {
    const { sql, values: named } = columns.named(skipped.refs);
    conditions.push(`NOT (${sql})`);
    values.push(...named);
  }
  if (skipped.keys.length > 0) {
    conditions.push(`(${columns.key} IS NULL OR (${columns.route}, ${columns.key}) NOT IN (?))`);
    values.push(skipped.keys.map(({ route, key }) => [route, key]));
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
  const order = columns.order.map((_, i) => `o${i}`).join(", ");
  const ordered = columns.order.map((column, i) => `${column} AS o${i}`).join(", ");
  // What a read may bring is settled by lengths alone, before a payload is fetched.
  const rows = await rowsOf<Row>(
    pool,
    `SELECT b.*, CASE WHEN b.bytes <= ? THEN b.content END AS payload FROM (
       SELECT r.*, SUM(size) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - size AS before_it FROM (
         SELECT q.*, LENGTH(content) AS bytes, LEAST(COALESCE(LENGTH(content), 0), ?) AS size FROM (
           SELECT ${columns.select}, ${columns.payload} AS content, ${ordered} FROM ${table} t ${where}
           ORDER BY ${columns.order.join(", ")} LIMIT ?
         ) q
       ) r
     ) b WHERE before_it < ? ORDER BY ${order}`,
    [limits.payloadBytes, limits.payloadBytes, ...values, limits.rows, limits.bytes],
  );
  return rows.map(rowOf);
}

function rowOf(row: Row): SourceRow {
  return {
    ref: row.seq === null ? row.id : refOf(row.seq, row.id),
    id: row.id,
    route: row.route,
    key: row.msg_key,
    type: row.type,
    businessKey: row.business_key,
    contentType: row.content_type,
    headers: row.headers,
    traceparent: row.traceparent,
    deliverAt: row.deliver_at,
    payloadBytes: row.bytes === null ? null : Number(row.bytes),
    payload: row.payload,
  };
}

async function look(pool: Pool, table: string, columns: Layout, cap: number): Promise<TableLook> {
  const oldest =
    columns.writtenAt === null
      ? "NULL"
      : `(SELECT ${columns.writtenAt} FROM ${table} t ORDER BY ${columns.order.join(", ")} LIMIT 1)`;
  const [row] = await rowsOf<{ waiting: string | number; oldest: Date | null }>(
    pool,
    `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM ${table} LIMIT ?) counted) AS waiting, ${oldest} AS oldest`,
    [cap],
  );
  return { waiting: Number(row!.waiting), oldestAt: row!.oldest };
}

/** Text protocol: lists of any length become part of the text, properly quoted. */
async function rowsOf<T>(pool: Pool, sql: string, values: unknown[]): Promise<T[]> {
  const [rows] = await pool.query<RowDataPacket[]>({ sql, values, timeout: STATEMENT_MS });
  return Array.isArray(rows) ? (rows as T[]) : [];
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
