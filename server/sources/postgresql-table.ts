import { createPool, type Pool } from "../db.ts";
import { awakeMark } from "./awake-mark.ts";
import type { OutboxSourceSpec } from "../domain/outbox-source.ts";
import type { Log } from "../log.ts";
import type { OutboxTable, ReadLimits, Skipped, SourceRow, TableLook } from "./outbox-table.ts";
import { asSource } from "./source-fault.ts";
import { type ColumnTypes, refOf, requireColumns, splitRefs, splitTable } from "./table-columns.ts";

/**
 * A table in PostgreSQL. Plans are pinned as those of the store's hot statements are: a queue's statistics are always wrong,
 * and a read that sorts a backlog of 200,000 rows per batch takes a second where the index takes a millisecond.
 */
export function postgresqlTable(options: {
  url: string;
  spec: OutboxSourceSpec;
  place: string;
  log: Log;
}): OutboxTable {
  const { url, spec, place, log } = options;
  const pool = createPool({ url, max: 3, name: `collect ${spec.name}`, log, hot: true });
  const { schema, name } = splitTable(spec.table);
  const table = schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
  let columns: ColumnTypes | undefined;
  const layout = async () => {
    if (!columns) {
      const found = await readColumns(pool, table);
      requireColumns(spec, place, found);
      columns = found;
    }
    return spec.layout === "surelay" ? surelay : debezium(spec, columns);
  };
  const awake = awakeMark(pool, table);
  const run = <T>(work: (columns: Layout) => Promise<T>) => asSource(place, async () => work(await layout()));
  return {
    place,
    inspect: () => {
      columns = undefined;
      return run(async ({ order }) => {
        await pool.query(`DELETE FROM ${table} WHERE false`); // the right to it is checked all the same
        const { rows } = await pool.query<{ version: string }>(
          "SELECT current_setting('server_version') AS version",
        );
        return `PostgreSQL ${rows[0]!.version}, rows in order of ${order.map((column) => column.slice(2)).join(", ")}`;
      });
    },
    read: (limits, skipped) => run((columns) => read(pool, table, columns, limits, skipped)),
    stillThere: (refs) =>
      run(async ({ ref, named, on, values }) => {
        const { rows } = await pool.query<{ ref: string }>(
          `SELECT ${ref} AS ref FROM ${table} t JOIN ${named} ON ${on}`,
          values(refs),
        );
        return new Set(rows.map((row) => row.ref));
      }),
    remove: (refs) =>
      run(async ({ named, on, values }) => {
        if (refs.length > 0)
          await pool.query({
            name: "remove-outbox-rows",
            text: `DELETE FROM ${table} t USING ${named} WHERE ${on}`,
            values: values(refs),
          });
      }),
    look: (cap) => run((columns) => look(pool, table, columns, cap)),
    stayAwake: (isAwake) => asSource(place, () => (isAwake ? awake.begin() : awake.end())),
    close: async () => {
      await awake.end().catch(() => undefined);
      await pool.end();
    },
  };
}

interface Layout {
  /** Columns of a row in the order of `rowOf`, but for the payload and its length. */
  select: string;
  /** The payload as bytes. */
  payload: string;
  /** Columns of the table `t`: a bare name would be the text that is selected under it. */
  order: readonly string[];
  /** The row's name. */
  ref: string;
  route: string;
  key: string;
  /** A set `named` of rows by their names, what it is joined on, and the parameters it takes. */
  named: string;
  on: string;
  values: (refs: readonly string[]) => unknown[];
  writtenAt: string | null;
}

const surelay: Layout = {
  select: `seq::text AS seq, id::text AS id, topic AS route, message_key AS key, type, business_key, content_type,
    headers::text AS headers, traceparent, deliver_at`,
  payload: "payload",
  order: ["t.seq"],
  ref: "t.seq::text || ':' || t.id::text",
  route: "topic",
  key: "message_key",
  named: "unnest($1::bigint[], $2::uuid[]) AS named(seq, id)",
  on: "t.seq = named.seq AND t.id = named.id",
  values: (refs) => {
    const { seqs, ids } = splitRefs(refs);
    return [seqs, ids];
  },
  writtenAt: "created_at",
};

function debezium(spec: OutboxSourceSpec, columns: ColumnTypes): Layout {
  const isBytes = columns.get("payload") === "bytea";
  const orderType = spec.orderColumn === null ? "" : (columns.get(spec.orderColumn) ?? "");
  return {
    select: `NULL AS seq, id::text AS id, aggregatetype::text AS route, aggregateid::text AS key, type::text AS type,
      NULL AS business_key, ${isBytes ? "'application/octet-stream'" : "NULL"} AS content_type, NULL AS headers,
      NULL AS traceparent, NULL::timestamptz AS deliver_at`,
    payload: isBytes ? "payload" : "convert_to(payload::text, 'UTF8')",
    order: spec.orderColumn === null ? ["t.id"] : [`t.${quoted(spec.orderColumn)}`, "t.id"],
    ref: "t.id::text",
    route: "aggregatetype",
    key: "aggregateid",
    named: `unnest($1::${columns.get("id") === "uuid" ? "uuid" : "text"}[]) AS named(id)`,
    on: "t.id = named.id",
    values: (refs) => [refs],
    writtenAt: orderType.startsWith("timestamp") ? quoted(spec.orderColumn!) : null,
  };
}

async function readColumns(pool: Pool, table: string): Promise<ColumnTypes> {
  const { rows } = await pool.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [table],
  );
  return new Map(rows.map((row) => [row.name, row.type]));
}

type Values = [
  seq: string | null,
  id: string,
  route: string,
  key: string | null,
  type: string | null,
  businessKey: string | null,
  contentType: string | null,
  headers: string | null,
  traceparent: string | null,
  deliverAt: Date | null,
  payloadBytes: number | null,
  payload: Buffer | null,
];

async function read(
  pool: Pool,
  table: string,
  columns: Layout,
  limits: ReadLimits,
  skipped: Skipped,
): Promise<SourceRow[]> {
  const skips = skipped.refs.length > 0;
  const where = skips
    ? `WHERE NOT (${columns.ref} = ANY($4::text[])) AND (t.${columns.key} IS NULL OR NOT EXISTS (
         SELECT FROM unnest($5::text[], $6::text[]) AS held(route, key)
         WHERE held.route = t.${columns.route}::text AND held.key = t.${columns.key}::text))`
    : "";
  // By the index alone in the layout surelay; the running total cuts off before payloads are fetched from TOAST.
  const order = columns.order.map((_, i) => `o${i}`).join(", ");
  const ordered = columns.order.map((column, i) => `${column} AS o${i}`).join(", ");
  const { rows } = await pool.query<Values>({
    name: skips ? "read-outbox-rows-skipping" : "read-outbox-rows",
    text: `
      SELECT seq, id, route, key, type, business_key, content_type, headers, traceparent, deliver_at, bytes,
             CASE WHEN bytes <= $3 THEN payload END
      FROM (
        SELECT r.*, sum(size) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - size AS before
        FROM (
          SELECT q.*, octet_length(payload) AS bytes, least(coalesce(octet_length(payload), 0), $3) AS size FROM (
            SELECT ${columns.select}, ${columns.payload} AS payload, ${ordered} FROM ${table} t ${where}
            ORDER BY ${columns.order.join(", ")} LIMIT $1
          ) q
        ) r
      ) batch
      WHERE before < $2 ORDER BY ${order}`,
    values: [
      limits.rows,
      limits.bytes,
      limits.payloadBytes,
      ...(skips
        ? [skipped.refs, skipped.keys.map(({ route }) => route), skipped.keys.map(({ key }) => key)]
        : []),
    ],
    rowMode: "array",
  });
  return rows.map(rowOf);
}

function rowOf(v: Values): SourceRow {
  return {
    ref: v[0] === null ? v[1] : refOf(v[0], v[1]),
    id: v[1],
    route: v[2],
    key: v[3],
    type: v[4],
    businessKey: v[5],
    contentType: v[6],
    headers: v[7],
    traceparent: v[8],
    deliverAt: v[9],
    payloadBytes: v[10],
    payload: v[11],
  };
}

async function look(pool: Pool, table: string, columns: Layout, cap: number): Promise<TableLook> {
  const { rows } = await pool.query<{ waiting: number; oldest: Date | null }>(
    `SELECT (SELECT count(*)::int FROM (SELECT FROM ${table} LIMIT $1) counted) AS waiting,
            ${columns.writtenAt === null ? "NULL" : `(SELECT ${columns.writtenAt} FROM ${table} t ORDER BY ${columns.order.join(", ")} LIMIT 1)`} AS oldest`,
    [cap],
  );
  return { waiting: rows[0]!.waiting, oldestAt: rows[0]!.oldest };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
