import type { Queryable } from "../db.ts";
import { type MessageFilter, Parameters, idConditions } from "./message-filter.ts";
import { type Judged, SET_LIMIT, type Source, needsState } from "./message-sources.ts";

/** Bytes of payloads that one statement reads as JSON, about 0.2 s of it; at least one payload. */
const PAYLOAD_BYTES = 8 * 1024 * 1024;

export interface Chunk {
  /** Ids that match, newest first, `wanted` at most. */
  hits: string[];
  /** Candidates looked at down to `edge`. */
  scanned: number;
  /** The last id accounted for: of the last but one hit when `wanted` were found, otherwise of the last candidate. */
  edge: string | null;
  /** Nothing is left below. */
  exhausted: boolean;
  /** A set of the source was too large to be sorted: nothing was judged. */
  overflow: boolean;
  /** Candidates down to `edge` whose payload is not JSON. */
  notJson: number;
  /** Candidates down to `edge` whose payload must not be looked into. */
  sealed: number;
}

/**
 * One step of a scan: the next `n` candidates of a source below the cursor are judged by what the source has not judged
 * yet, the payload last and only of those that are left. One statement, so that what it counts belongs together.
 *
 * @param below cursor: only ids before it
 * @param wanted most hits; the last of them only tells that there is more
 */
export async function scanChunk(
  db: Queryable,
  filter: MessageFilter,
  source: Source,
  { below, n, wanted }: { below: string | undefined; n: number; wanted: number },
): Promise<Chunk> {
  const params = new Parameters();
  const ids = idConditions(filter, below, params, "x.id");
  const sets = source.parts.filter((part) => !part.sorted);
  const streams = source.parts.filter((part) => part.sorted);
  const ctes = sets.map((part, i) => `set_${i} AS MATERIALIZED (${part.sql(params, ids, n)})`);
  const overflow =
    sets.map((_, i) => `(SELECT count(*) FROM set_${i}) > ${SET_LIMIT}`).join(" OR ") || "false";
  const parts = [
    ...sets.map((_, i) => `SELECT id FROM set_${i} WHERE NOT (${overflow})`),
    ...streams.map((part) => `(${part.sql(params, ids, n)})`),
  ];
  const { rows } = await db.query<Chunk>({
    text: `WITH ${ctes.map((cte) => `${cte}, `).join("")}
      candidate AS MATERIALIZED (${candidates(filter, source, params, ids, parts, n)}),
      ${judge(filter, source, params)},
      hit AS MATERIALIZED (SELECT id FROM judged WHERE matches ORDER BY id DESC LIMIT ${wanted}),
      looked AS MATERIALIZED (SELECT id FROM candidate WHERE id > coalesce((SELECT id FROM stop), '00000000-0000-0000-0000-000000000000')),
      edge AS MATERIALIZED (
        SELECT CASE WHEN (SELECT count(*) FROM hit) < ${wanted} THEN (SELECT id FROM looked ORDER BY id LIMIT 1)
          ELSE ${wanted === 1 ? "NULL" : `(SELECT id FROM hit ORDER BY id DESC OFFSET ${wanted - 2} LIMIT 1)`} END AS id)
      SELECT ARRAY(SELECT id FROM hit ORDER BY id DESC) AS hits, edge.id AS edge, ${overflow} AS overflow,
        (SELECT count(*)::int FROM looked WHERE id >= edge.id) AS scanned,
        (SELECT count(*) FROM candidate) < ${n} AND NOT EXISTS (SELECT FROM stop) AS exhausted,
        (SELECT count(*)::int FROM judged WHERE not_json AND id >= edge.id) AS "notJson",
        (SELECT count(*)::int FROM judged WHERE sealed AND id >= edge.id) AS sealed
      FROM edge`,
    values: params.values,
  });
  return rows[0]!;
}

/** A walk down a table takes the row along: half the cost of looking it up by its id. */
function candidates(
  filter: MessageFilter,
  source: Source,
  params: Parameters,
  ids: string,
  parts: string[],
  n: number,
): string {
  if (source.name === "newest" && needsState(filter))
    return `SELECT x.id, x.app_id, x.topic_id, x.state, x.held_at FROM message_state x WHERE ${ids} ORDER BY x.id DESC LIMIT ${n}`;
  if (parts.length === 1 && source.parts[0]!.sorted) return parts[0]!;
  return `SELECT id FROM (${parts.join(" UNION ")}) either ORDER BY id DESC LIMIT ${n}`;
}

/** `judged` (id, matches, not_json, sealed) and `stop`, the first candidate that was left out for its payload's size. */
function judge(filter: MessageFilter, source: Source, params: Parameters): string {
  const rowTaken = source.name === "newest" && needsState(filter);
  const open = (judged: Judged) => !source.judged.includes(judged);
  const state: string[] = [];
  const content: string[] = [];
  const either: string[] = [];
  if (filter.appId !== null && open("app")) either.push(`app_id = ${params.add(filter.appId)}`);
  if (filter.topicId !== undefined && open("topic")) either.push(`topic_id = ${params.add(filter.topicId)}`);
  if (filter.states?.length && open("states"))
    state.push(`state = ANY(${params.add(filter.states)}::message_state_kind[])`);
  if (filter.held && open("held")) state.push("held_at IS NOT NULL");
  if (filter.businessKey !== undefined && open("businessKey"))
    content.push(`m.business_key = ${params.add(filter.businessKey)}`);
  if (filter.key !== undefined && open("key")) content.push(`m.key = ${params.add(filter.key)}`);
  if (filter.type !== undefined) content.push(`m.type = ${params.add(filter.type)}`);
  if (filter.any && open("any")) content.push(wordCondition(filter.any, params));

  const payload = (filter.payload?.length ?? 0) > 0;
  const withContent = content.length > 0 || payload;
  const withState = (state.length > 0 || (either.length > 0 && !withContent)) && !rowTaken;
  const narrow = rowTaken ? "c" : "s";
  const where = [
    ...state.map((condition) => `${narrow}.${condition}`),
    ...either.map((condition) => `${rowTaken ? "c" : withState ? "s" : "m"}.${condition}`),
    ...content,
  ];
  // Looked up one by one: left to itself, the planner may hash a whole table of a hundred thousand rows for a few hundred.
  const lookUp = (table: string, alias: string) =>
    `CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE ${table}.id = c.id OFFSET 0) ${alias}`;
  const from = `candidate c ${withState ? lookUp("message_state", "s") : ""} ${withContent ? lookUp("message", "m") : ""}`;
  const passed = `FROM ${from} WHERE ${where.length === 0 ? "true" : where.join(" AND ")}`;
  if (!payload)
    return `judged AS MATERIALIZED (SELECT c.id, true AS matches, false AS not_json, false AS sealed ${passed}),
      stop AS (SELECT id FROM candidate WHERE false)`;

  const sealed = `topic_id = ANY(${params.add(filter.sealedTopicIds ?? [])}::int[])`;
  const conditions = filter.payload!.map(
    ({ path, values }) =>
      `jsonb_path_query_first(document, ${params.add(path)}::jsonpath, '{}', true) = ANY(${params.add(values)}::jsonb[])`,
  );
  return `sized AS MATERIALIZED (
        SELECT c.id, m.${sealed} AS sealed, m.content_type, m.payload,
               sum(octet_length(m.payload)) OVER (ORDER BY c.id DESC) - octet_length(m.payload) AS before ${passed}),
      stop AS MATERIALIZED (SELECT id FROM sized WHERE before >= ${PAYLOAD_BYTES} ORDER BY id DESC LIMIT 1),
      judged AS MATERIALIZED (
        SELECT id, coalesce(${conditions.join(" AND ")}, false) AS matches, NOT sealed AND document IS NULL AS not_json, sealed
        FROM (SELECT id, sealed, CASE WHEN sealed THEN NULL ELSE surelay_json(content_type, payload) END AS document
              FROM sized WHERE before < ${PAYLOAD_BYTES} OFFSET 0) read)`;
}

function wordCondition(any: NonNullable<MessageFilter["any"]>, params: Parameters): string {
  const word = params.add(any.word);
  const ids =
    any.ids === null
      ? ""
      : ` OR (m.id >= ${params.add(any.ids.first)}::uuid AND m.id <= ${params.add(any.ids.last)}::uuid)`;
  return `(m.business_key = ${word} OR m.key = ${word}${ids})`;
}
