import type { Queryable } from "../../db.ts";
import { parseSearch, valuesOfCondition } from "../../domain/parse-search.ts";
import type { PathStep, SearchQuery } from "../../domain/search-query.ts";
import { windowOf } from "../../domain/search-window.ts";
import { SurelayError } from "../../errors.ts";
import { findApp } from "../../store/apps.ts";
import type { IdRange, MessageFilter } from "../../store/message-filter.ts";
import { listTopics } from "../../store/topics.ts";

export interface AskedSearch {
  /** The query as it was written. */
  q: string;
  /** The reader's zone, for times without an offset: an IANA name. */
  zone: string;
  /** The moment at which the search was begun, which `last:` counts back from; null: it begins now. */
  at: Date | null;
}

export interface ResolvedSearch {
  query: SearchQuery;
  filter: MessageFilter;
  at: Date;
  /** Names of the masked topics that a condition on the payload would have to look into. */
  masked: string[];
}

/** A name that nobody has declared: nothing can be found under it. */
export interface UnknownName {
  unknown: { field: "app" | "topic"; name: string };
}

/** What a query means in this store. @throws SurelayError `validation_failed` when it cannot be understood */
export async function resolveSearch(
  db: Queryable,
  asked: AskedSearch,
): Promise<ResolvedSearch | UnknownName> {
  const { query, problem } = parseSearch(asked.q);
  if (problem !== null)
    throw new SurelayError(
      "validation_failed",
      `The query cannot be understood at character ${problem.at + 1}.`,
    );
  const [topics, app] = await Promise.all([
    listTopics(db),
    query.app === undefined ? undefined : findApp(db, query.app),
  ]);
  const topic = topics.find(({ name }) => name === query.topic);
  if (query.topic !== undefined && topic === undefined)
    return { unknown: { field: "topic", name: query.topic } };
  if (app === null) return { unknown: { field: "app", name: query.app! } };

  const masked = (query.payload ? topics : []).filter(
    (one) => one.masked && (topic === undefined || one.id === topic.id),
  );
  const at = asked.at ?? new Date();
  const { from, to } = windowOf(query, asked.zone, at.getTime());
  const filter: MessageFilter = {
    appId: app?.id ?? null,
    topicId: topic?.id,
    businessKey: query.businessKey,
    key: query.key,
    type: query.type,
    any: query.any === undefined ? undefined : { word: query.any, ids: idsOfWord(query.any) },
    states: query.states,
    ids: query.id === undefined ? undefined : idsOfPrefix(query.id),
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    payload: query.payload?.map((condition) => ({
      path: jsonPath(condition.path),
      values: valuesOfCondition(condition),
    })),
    sealedTopicIds: masked.map(({ id }) => id),
  };
  return { query, filter, at, masked: masked.map(({ name }) => name) };
}

/** All ids that begin so. */
function idsOfPrefix(prefix: string): IdRange {
  const [first, last] = [FIRST, LAST].map((rest) => prefix + rest.slice(prefix.length));
  return { first: first!, last: last! };
}
const FIRST = "00000000-0000-0000-0000-000000000000";
const LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** A word is looked up as an id when it can hardly be anything else: eight digits and more. */
function idsOfWord(word: string): IdRange | null {
  const { query, problem } = parseSearch(`id:${/^[0-9a-f-]{8,36}$/i.test(word) ? word : "-"}`);
  return problem === null ? idsOfPrefix(query.id!) : null;
}

/** In PostgreSQL's path language; strict, so that no step is taken into an array unasked. */
function jsonPath(path: readonly PathStep[]): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${JSON.stringify(step)}`));
  return `strict $${steps.join("")}`;
}
