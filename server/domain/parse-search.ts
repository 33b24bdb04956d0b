import { isMessageId } from "./message-id.ts";
import { MESSAGE_STATES, type MessageState } from "./message-state.ts";
import { SearchReader, SearchFault } from "./search-reader.ts";
import {
  MAX_PAYLOAD_CONDITIONS,
  MAX_QUERY_LENGTH,
  type PayloadCondition,
  SEARCH_FIELDS,
  type SearchField,
  type SearchProblem,
  type SearchQuery,
  type SearchTerm,
  type SpanUnit,
} from "./search-query.ts";
import { isWrittenTime } from "./search-time.ts";

export interface ParsedSearch {
  /** What was understood; whole when there is no problem. */
  query: SearchQuery;
  terms: SearchTerm[];
  /** The first thing that cannot be understood. */
  problem: SearchProblem | null;
}

/** Other names that people try, and what they mean. */
const ALIASES: Record<string, SearchField> = {
  businesskey: "business",
  since: "after",
  from: "after",
  until: "before",
  to: "before",
};

/** What JSON would read as a number, with few enough digits to be compared exactly at no great cost. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?$/;

/** Reads a query: terms `field:value`, `payload.path=value` and at most one free word, with white space between them. */
export function parseSearch(text: string): ParsedSearch {
  const parsed: ParsedSearch = { query: {}, terms: [], problem: null };
  const reader = new SearchReader(text);
  try {
    if (text.length > MAX_QUERY_LENGTH)
      throw new SearchFault("tooLong", MAX_QUERY_LENGTH, text.length - MAX_QUERY_LENGTH, "");
    for (reader.skipSpace(); !reader.done; reader.skipSpace()) {
      const at = reader.at;
      const field = readTerm(reader, parsed.query);
      reader.expectBreak();
      parsed.terms.push({ field, at, end: reader.at });
    }
  } catch (error) {
    if (!(error instanceof SearchFault)) throw error;
    parsed.problem = error.problem;
  }
  return parsed;
}

function readTerm(reader: SearchReader, query: SearchQuery): SearchTerm["field"] {
  const at = reader.at;
  if (reader.follows('"')) return setWord(reader, query, at, reader.readQuoted());
  if (reader.followsPath()) {
    addCondition(reader, query, at);
    return "payload";
  }
  const name = reader.readName();
  if (name !== null) {
    const field = fieldOf(name, at);
    if (field === "payload") throw new SearchFault("badPath", at, name.length + 1, name);
    setField(reader, query, field, at);
    return field;
  }
  const word = reader.readBare();
  const equals = word.indexOf("=");
  if (equals > 0 && equals < word.length - 1)
    throw new SearchFault("unknownField", at, equals, word.slice(0, equals), `payload.${word}`);
  return setWord(reader, query, at, word);
}

function setWord(reader: SearchReader, query: SearchQuery, at: number, word: string): "any" {
  if (query.any !== undefined) throw new SearchFault("secondWord", at, reader.at - at, word, query.any);
  if (word === "") throw new SearchFault("noValue", at, reader.at - at, '""');
  query.any = word;
  return "any";
}

function fieldOf(name: string, at: number): SearchField {
  const lower = name.toLowerCase();
  const field = SEARCH_FIELDS.find((known) => known === lower) ?? ALIASES[lower];
  if (field !== undefined) return field;
  const near = SEARCH_FIELDS.find((known) => known.startsWith(lower) || lower.startsWith(known));
  throw new SearchFault("unknownField", at, name.length, name, near);
}

function setField(
  reader: SearchReader,
  query: SearchQuery,
  field: Exclude<SearchField, "payload">,
  at: number,
): void {
  const from = reader.at;
  const value = reader.follows('"') ? reader.readQuoted() : reader.readBare();
  const length = reader.at - from;
  if (value === "") throw new SearchFault("noValue", at, reader.at - at, field);
  const once = <Name extends keyof SearchQuery>(name: Name, content: SearchQuery[Name]) => {
    if (query[name] !== undefined) throw new SearchFault("twice", at, reader.at - at, field);
    query[name] = content;
  };
  switch (field) {
    case "id":
      return once("id", readId(value, from, length));
    case "state":
      return once("states", readStates(value, from));
    case "business":
      return once("businessKey", value);
    case "after":
    case "before":
      if (!isWrittenTime(value)) throw new SearchFault("badTime", from, length, value);
      once(field, value);
      break;
    case "last":
      once("last", readSpan(value, from, length));
      break;
    default:
      return once(field, value);
  }
  if (query.last && (query.after ?? query.before) !== undefined)
    throw new SearchFault("spanAndTimes", at, reader.at - at, field);
}

/** An id or its beginning in lower case with its dashes, which may be left out. */
function readId(value: string, at: number, length: number): string {
  const digits = value.toLowerCase().replaceAll("-", "");
  const cuts = [8, 12, 16, 20];
  const id = [...digits].map((digit, i) => (cuts.includes(i) ? `-${digit}` : digit)).join("");
  const dashed = value.includes("-");
  const canonical = dashed ? value.toLowerCase().replace(/-$/, "") === id : true;
  if (!/^[0-9a-f]{4,32}$/.test(digits) || !canonical || (digits.length === 32 && !isMessageId(id)))
    throw new SearchFault("badId", at, length, value);
  return id;
}

/** Once each, in the order of a message's life. */
function readStates(value: string, at: number): MessageState[] {
  const asked = value.split(",");
  let from = at;
  for (const word of asked) {
    if (!MESSAGE_STATES.some((state) => state === word.toUpperCase())) {
      const near = MESSAGE_STATES.find((state) => word !== "" && state.startsWith(word.toUpperCase()));
      throw new SearchFault("badState", from, word.length, word, near);
    }
    from += word.length + 1;
  }
  return MESSAGE_STATES.filter((state) => asked.some((word) => word.toUpperCase() === state));
}

function readSpan(value: string, at: number, length: number): { count: number; unit: SpanUnit } {
  const [, count, unit] = /^(\d{1,4})([smhdw])$/i.exec(value) ?? [];
  if (unit === undefined || Number(count) === 0) throw new SearchFault("badSpan", at, length, value);
  return { count: Number(count), unit: unit.toLowerCase() as SpanUnit };
}

function addCondition(reader: SearchReader, query: SearchQuery, at: number): void {
  const path = reader.readPath();
  const quoted = reader.follows('"');
  const text = quoted ? reader.readQuoted() : reader.readBare();
  if (text === "" && !quoted) throw new SearchFault("noValue", at, reader.at - at, "payload");
  const conditions = (query.payload ??= []);
  if (conditions.length === MAX_PAYLOAD_CONDITIONS)
    throw new SearchFault("tooManyPayload", at, reader.at - at, String(MAX_PAYLOAD_CONDITIONS));
  conditions.push({ path, quoted, text });
}

/** The JSON values that a condition's value may stand for, as JSON text; numbers keep every digit. */
export function valuesOfCondition({ quoted, text }: PayloadCondition): string[] {
  const asText = JSON.stringify(text);
  if (quoted) return [asText];
  if (NUMBER.test(text) || ["true", "false", "null"].includes(text)) return [text, asText];
  return [asText];
}
