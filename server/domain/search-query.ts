import type { MessageState } from "./message-state.ts";

/** Units of `last:`, in ms. */
export const SPAN_UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
export type SpanUnit = keyof typeof SPAN_UNITS;

/** A step into JSON: a name of an object's member, or an index of an array. */
export type PathStep = string | number;

export interface PayloadCondition {
  /** From the root of the payload; empty: the payload itself. */
  path: PathStep[];
  /** Written in quotes: only text equals it. Otherwise also the number, boolean or null that it reads as. */
  quoted: boolean;
  text: string;
}

/** What an operator looks for: everything given must hold. Times are as written; `resolveSearch` makes moments of them. */
export interface SearchQuery {
  /** A whole message id, or the beginning of one, canonical. */
  id?: string;
  /** One word that is an id, a business key or a key. */
  any?: string;
  topic?: string;
  app?: string;
  states?: MessageState[];
  key?: string;
  businessKey?: string;
  type?: string;
  after?: string;
  before?: string;
  last?: { count: number; unit: SpanUnit };
  payload?: PayloadCondition[];
}

/** Names of the language, in the order in which a query is printed. */
export const SEARCH_FIELDS = [
  "id",
  "topic",
  "app",
  "state",
  "business",
  "key",
  "type",
  "after",
  "before",
  "last",
  "payload",
] as const;
export type SearchField = (typeof SEARCH_FIELDS)[number];

/** Most conditions on the payload: each is looked for in every payload that is read. */
export const MAX_PAYLOAD_CONDITIONS = 5;
/** Most characters of a query. */
export const MAX_QUERY_LENGTH = 1000;

/** Where a query cannot be understood. `at` and `length` count UTF-16 units of its text. */
export interface SearchProblem {
  code:
    | "unknownField"
    | "twice"
    | "noValue"
    | "openQuote"
    | "strayQuote"
    | "secondWord"
    | "badEscape"
    | "badCharacter"
    | "badId"
    | "badState"
    | "badTime"
    | "badSpan"
    | "badPath"
    | "spanAndTimes"
    | "backwards"
    | "tooManyPayload"
    | "tooLong";
  at: number;
  length: number;
  /** The words it is about, as written. */
  value: string;
  /** What may have been meant. */
  near?: string;
}

/** A term of the query with its place in the text: what chips show and remove. */
export interface SearchTerm {
  field: SearchField | "any";
  at: number;
  end: number;
}
