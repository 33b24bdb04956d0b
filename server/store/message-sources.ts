import type { MessageState } from "../domain/message-state.ts";
import { type MessageFilter, type Parameters } from "./message-filter.ts";

/**
 * Where candidates come from, newest first:
 * `id` the primary key within given ids; `businessKey`, `key`, `word`, `state` (and `held`) by their indexes; `appTopic` by
 * app, topic or both; `newest` every message.
 */
export type SourceName = "id" | "businessKey" | "key" | "word" | "state" | "appTopic" | "newest";

/** What a source has judged already, so that candidates need not be asked again. */
export type Judged = "businessKey" | "key" | "any" | "states" | "held" | "app" | "topic";

/** A stream of ids as SQL. */
export interface SourcePart {
  /** Sorted: yields ids downwards by an index. Otherwise a set, read whole up to `SET_LIMIT` and sorted then. */
  sorted: boolean;
  /** @param ids the conditions on `x.id` @param n most ids wanted */
  sql: (params: Parameters, ids: string, n: number) => string;
}

export interface Source {
  name: SourceName;
  judged: readonly Judged[];
  parts: readonly SourcePart[];
}

/** One app's messages of one topic. */
export interface Pair {
  appId: number;
  topicId: number;
}

/** Most ids of an unsorted set: beyond it the next source is taken, in which so frequent a thing is found soon. */
export const SET_LIMIT = 10_000;

/** States that an index holds apart. SENT and CONSUMED are nearly all messages. */
const STATE_SETS: Partial<Record<MessageState, string>> = {
  PREPARED: "x.state = 'PREPARED'",
  SCHEDULED: "x.state = 'SCHEDULED'",
};
const STATE_STREAMS: readonly MessageState[] = ["UNDECIDED", "REJECTED", "CANCELLED"];

/** The ways to find what the filter asks for, best first. `newest` is always the last. */
export function messageSources(filter: MessageFilter, pairs: readonly Pair[] | null): Source[] {
  const sources: Source[] = [];
  if (filter.ids && isNarrow(filter))
    sources.push({ name: "id", judged: [], parts: [stream("message_state", "true")] });
  if (filter.businessKey !== undefined)
    sources.push({
      name: "businessKey",
      judged: ["businessKey", "app"],
      parts: [byBusinessKey(filter, filter.businessKey)],
    });
  if (filter.key !== undefined) sources.push({ name: "key", judged: ["key"], parts: [byKey(filter.key)] });
  if (filter.any) sources.push({ name: "word", judged: ["any"], parts: byWord(filter, filter.any) });
  const byState = stateParts(filter);
  if (byState) sources.push({ name: "state", judged: filter.held ? ["held"] : ["states"], parts: byState });
  if (pairs) sources.push({ name: "appTopic", judged: ["app", "topic"], parts: [byPairs(pairs)] });
  const table = needsState(filter) || !needsContent(filter) ? "message_state" : "message";
  sources.push({ name: "newest", judged: [], parts: [stream(table, "true")] });
  return sources;
}

/** Whether a source yields what the filter asks for and nothing else. */
export function isJudged(filter: MessageFilter, source: Source): boolean {
  const { appId, topicId, states, held, businessKey, key, type, any, payload } = filter;
  const asked: (Judged | "more" | false)[] = [
    appId !== null && "app",
    topicId !== undefined && "topic",
    (states?.length ?? 0) > 0 && "states",
    held === true && "held",
    businessKey !== undefined && "businessKey",
    key !== undefined && "key",
    any !== undefined && "any",
    (type !== undefined || (payload?.length ?? 0) > 0) && "more",
  ];
  return asked.every((one) => one === false || (one !== "more" && source.judged.includes(one)));
}

/** Whether the ids given are so few that nothing narrows them better: eight digits are 65 seconds. */
function isNarrow({ ids }: MessageFilter): boolean {
  return ids !== undefined && ids.first.slice(0, 8) === ids.last.slice(0, 8);
}

export function needsState(filter: MessageFilter): boolean {
  return (filter.states?.length ?? 0) > 0 || filter.held === true;
}

/** Whether a condition can only be judged by the content. */
export function needsContent(filter: MessageFilter): boolean {
  const { key, businessKey, type, any, payload } = filter;
  return [key, businessKey, type, any].some((one) => one !== undefined) || (payload?.length ?? 0) > 0;
}

const stream = (table: string, condition: string): SourcePart => ({
  sorted: true,
  sql: (_params, ids, n) =>
    `SELECT x.id FROM ${table} x WHERE ${condition} AND ${ids} ORDER BY x.id DESC LIMIT ${n}`,
});

/** Without ORDER BY: with one, the planner may walk the primary key instead of the index that is meant. */
const set = (table: string, condition: (params: Parameters) => string): SourcePart => ({
  sorted: false,
  sql: (params, ids) =>
    `SELECT x.id FROM ${table} x WHERE ${condition(params)} AND ${ids} LIMIT ${SET_LIMIT + 1}`,
});

/** The index leads with the app: one probe for each. */
function byBusinessKey(filter: MessageFilter, businessKey: string): SourcePart {
  return {
    sorted: true,
    sql: (params, ids, n) => `
      SELECT x.id FROM app CROSS JOIN LATERAL (
        SELECT x.id FROM message x WHERE x.app_id = app.id AND x.business_key = ${params.add(businessKey)} AND ${ids}
        ORDER BY x.id DESC LIMIT ${n}) x
      ${filter.appId === null ? "" : `WHERE app.id = ${params.add(filter.appId)}`} ORDER BY x.id DESC LIMIT ${n}`,
  };
}

function byKey(key: string): SourcePart {
  return set("message", (params) => `x.key = ${params.add(key)}`);
}

function byWord(filter: MessageFilter, any: NonNullable<MessageFilter["any"]>): SourcePart[] {
  const parts = [byBusinessKey(filter, any.word), byKey(any.word)];
  if (any.ids === null) return parts;
  const { first, last } = any.ids;
  const byId: SourcePart = {
    sorted: true,
    sql: (params, ids, n) =>
      `SELECT x.id FROM message x WHERE x.id >= ${params.add(first)}::uuid AND x.id <= ${params.add(last)}::uuid AND ${ids}
       ORDER BY x.id DESC LIMIT ${n}`,
  };
  return [byId, ...parts];
}

function stateParts({ states, held }: MessageFilter): SourcePart[] | null {
  if (held) return [set("message_state", () => "x.state = 'READY' AND x.held_at IS NOT NULL")];
  if (!states?.length) return null;
  const parts: SourcePart[] = [];
  for (const state of states) {
    const condition = STATE_SETS[state];
    if (state === "READY")
      // An index each; asked for both at once, the planner would use neither.
      for (const parked of ["IS NULL", "IS NOT NULL"])
        parts.push(set("message_state", () => `x.state = 'READY' AND x.held_at ${parked}`));
    else if (condition !== undefined) parts.push(set("message_state", () => condition));
    else if (STATE_STREAMS.includes(state)) parts.push(stream("message_state", `x.state = '${state}'`));
    else return null;
  }
  return parts;
}

/** A merge of the pairs' own orders. */
function byPairs(pairs: readonly Pair[]): SourcePart {
  return {
    sorted: true,
    sql: (params, ids, n) => `
      SELECT x.id FROM unnest(${params.add(pairs.map((p) => p.appId))}::int[], ${params.add(pairs.map((p) => p.topicId))}::int[]) AS pair(app_id, topic_id)
      CROSS JOIN LATERAL (
        SELECT x.id FROM message x WHERE x.app_id = pair.app_id AND x.topic_id = pair.topic_id AND ${ids}
        ORDER BY x.id DESC LIMIT ${n}) x
      ORDER BY x.id DESC LIMIT ${n}`,
  };
}
