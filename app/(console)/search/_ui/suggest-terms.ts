import { MESSAGE_STATES } from "@/server/domain/message-state.ts";
import { printValue } from "@/server/domain/print-search.ts";
import { SEARCH_FIELDS, type SearchField } from "@/server/domain/search-query.ts";

export interface Names {
  apps: readonly string[];
  topics: readonly { name: string; faulty: boolean }[];
}

export interface Suggestion {
  kind: "field" | "topic" | "app" | "state" | "span";
  /** What is shown: a field, a name, a state. */
  value: string;
  /** What takes the term's place. */
  insert: string;
  faulty?: boolean;
}

export interface Suggestions {
  /** The term that a suggestion takes the place of. */
  from: number;
  to: number;
  items: Suggestion[];
}

const MOST = 8;
const SPANS = ["15m", "1h", "6h", "24h", "7d"];

/** What may be meant by the term in which the caret stands. Pure. */
export function suggestTerms(text: string, caret: number, names: Names): Suggestions {
  const { from, to } = termAt(text, caret);
  const term = text.slice(from, caret);
  const [, name, value] = /^([a-z]+):(.*)$/is.exec(term) ?? [];
  const items = name === undefined ? beginnings(term, names) : values(name.toLowerCase(), value!, names);
  // What is there already, whole, is no suggestion.
  return {
    from,
    to,
    items: items.filter(({ insert }) => insert.trim() !== text.slice(from, to)).slice(0, MOST),
  };
}

/** The bounds of the term around a place: white space ends it, except in quotes. */
export function termAt(text: string, caret: number): { from: number; to: number } {
  let [from, quoted, at] = [0, false, 0];
  for (; at < text.length; at++) {
    const character = text[at]!;
    if (quoted && character === "\\") at += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && /\s/.test(character)) {
      if (at >= caret) break;
      from = at + 1;
    }
  }
  return { from: Math.min(from, text.length), to: Math.min(at, text.length) };
}

function beginnings(term: string, names: Names): Suggestion[] {
  const lower = term.toLowerCase();
  if (/["=]/.test(term) || /^payload[.[]/.test(lower)) return [];
  const fields = SEARCH_FIELDS.filter((field) => field.startsWith(lower)).map(fieldSuggestion);
  if (lower.length < 2) return fields.length === SEARCH_FIELDS.length ? common(fields) : fields;
  return [
    ...fields,
    ...states(lower, ""),
    ...fitting(
      names.topics.map((topic) => topic.name),
      lower,
    ).map((name) => topic(name, names)),
    ...fitting(names.apps, lower).map(app),
  ];
}

/** Before anything is typed: what is asked for most. */
function common(fields: Suggestion[]): Suggestion[] {
  const order: SearchField[] = ["topic", "app", "state", "business", "key", "last", "after", "payload"];
  return order.map((field) => fields.find(({ value }) => value === field)!);
}

function values(field: string, typed: string, names: Names): Suggestion[] {
  const lower = typed.replaceAll('"', "").toLowerCase();
  if (field === "topic")
    return fitting(
      names.topics.map((one) => one.name),
      lower,
    ).map((name) => topic(name, names));
  if (field === "app") return fitting(names.apps, lower).map(app);
  if (field === "last")
    return fitting(SPANS, lower).map((span) => ({ kind: "span", value: span, insert: `last:${span} ` }));
  if (field !== "state") return [];
  const [, before, last] = /^(.*,)?([^,]*)$/.exec(lower)!;
  return states(last!, (before ?? "").toUpperCase());
}

/** @param before states that are written already, each with its comma */
function states(typed: string, before: string): Suggestion[] {
  const open = MESSAGE_STATES.filter((state) => !before.split(",").includes(state));
  return fitting(open, typed).map((state) => ({
    kind: "state",
    value: state,
    insert: `state:${before}${state} `,
  }));
}

/** Those that begin so, then those that hold it. */
function fitting<Name extends string>(names: readonly Name[], typed: string): Name[] {
  const starts = names.filter((name) => name.toLowerCase().startsWith(typed));
  const holds = names.filter((name) => !starts.includes(name) && name.toLowerCase().includes(typed));
  return [...starts, ...holds].slice(0, MOST);
}

const fieldSuggestion = (field: SearchField): Suggestion => ({
  kind: "field",
  value: field,
  insert: field === "payload" ? "payload." : `${field}:`,
});
const app = (name: string): Suggestion => ({ kind: "app", value: name, insert: `app:${printValue(name)} ` });
const topic = (name: string, { topics }: Names): Suggestion => ({
  kind: "topic",
  value: name,
  insert: `topic:${printValue(name)} `,
  faulty: topics.find((one) => one.name === name)?.faulty,
});
