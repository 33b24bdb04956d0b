import type { Queryable } from "../db.ts";
import { type MessageFilter, Parameters, idConditions } from "./message-filter.ts";
import { type Pair, SET_LIMIT, type Source, messageSources } from "./message-sources.ts";

/** Candidates that are read at once without thinking. */
const FEW = 2000;

/**
 * The sources for a filter, best first, as far as the store has to be asked for it: which pairs of app and topic there
 * are, and whether few messages of these are a shorter way than many of a state. Everything else follows from the filter.
 */
export async function orderSources(
  db: Queryable,
  filter: MessageFilter & { before?: string },
): Promise<Source[]> {
  const sources = messageSources(filter, await readPairs(db, filter));
  const [state, pairs] = ["state", "appTopic"].map((name) => sources.findIndex((one) => one.name === name));
  if (state !== 0 || pairs === -1 || (await isFew(db, filter, sources[state]!))) return sources;
  if (!(await isFew(db, filter, sources[pairs!]!))) return sources;
  return [sources[pairs!]!, ...sources.filter((_, i) => i !== pairs)];
}

/**
 * The pairs of app and topic that hold messages. One index serves an app, a topic and both, because the pairs are few:
 * looking each of them up takes a probe of every partition, 0.1 ms for a month.
 */
async function readPairs(db: Queryable, { appId, topicId }: MessageFilter): Promise<Pair[] | null> {
  if (appId !== null && topicId !== undefined) return [{ appId, topicId }];
  if (appId === null && topicId === undefined) return null;
  const { rows } = await db.query<Pair>({
    name: "read-pairs",
    // The LIMIT keeps the planner from making a join over all messages of it.
    text: `SELECT app.id AS "appId", topic.id AS "topicId" FROM app CROSS JOIN topic
           CROSS JOIN LATERAL (SELECT 1 FROM message x WHERE x.app_id = app.id AND x.topic_id = topic.id LIMIT 1) used
           WHERE ($1::int IS NULL OR app.id = $1) AND ($2::int IS NULL OR topic.id = $2)`,
    values: [appId, topicId ?? null],
  });
  return rows;
}

/**
 * How many candidates a source yields, counted up to `FEW`; null: more; `overflow`: more than a set may hold.
 * No time is spent on the rest.
 */
export async function countCandidates(
  db: Queryable,
  filter: MessageFilter & { before?: string },
  source: Source,
): Promise<number | null | "overflow"> {
  const params = new Parameters();
  const ids = idConditions(filter, filter.before, params, "x.id");
  const most = source.parts.some((part) => !part.sorted) ? SET_LIMIT : FEW;
  const parts = source.parts.map(
    (part) => `(SELECT id FROM (${part.sql(params, ids, most + 1)}) part LIMIT ${most + 1})`,
  );
  const { rows } = await db.query<{ count: number }>({
    text: `SELECT count(*)::int AS count FROM (${parts.join(" UNION ")}) either`,
    values: params.values,
  });
  const { count } = rows[0]!;
  if (count <= FEW) return count;
  return count > SET_LIMIT && most === SET_LIMIT ? "overflow" : null;
}

const isFew = async (db: Queryable, filter: MessageFilter & { before?: string }, source: Source) =>
  typeof (await countCandidates(db, filter, source)) === "number";
