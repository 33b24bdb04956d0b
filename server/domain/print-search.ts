import type { PathStep, PayloadCondition, SearchQuery } from "./search-query.ts";

/** A query as text, its fields in one order: `parseSearch` of it is the query again. */
export function printSearch(query: SearchQuery): string {
  const terms: string[] = [];
  const add = (field: string, value: string | undefined) => {
    if (value !== undefined) terms.push(`${field}:${printValue(value)}`);
  };
  if (query.any !== undefined) terms.push(printWord(query.any));
  add("id", query.id);
  add("topic", query.topic);
  add("app", query.app);
  add("state", query.states?.join(","));
  add("business", query.businessKey);
  add("key", query.key);
  add("type", query.type);
  add("after", query.after);
  add("before", query.before);
  if (query.last) terms.push(`last:${query.last.count}${query.last.unit}`);
  for (const condition of query.payload ?? []) terms.push(printCondition(condition));
  return terms.join(" ");
}

/** `payload.customer.id=42`. */
export function printCondition({ path, quoted, text }: PayloadCondition): string {
  return `${printPath(path)}=${quoted ? quote(text) : text}`;
}

export function printPath(path: readonly PathStep[]): string {
  if (path.length === 0) return "payload.$";
  return `payload${path.map(printStep).join("")}`;
}

function printStep(step: PathStep): string {
  if (typeof step === "number") return `[${step}]`;
  return step !== "$" && /^[^\s.[\]="\\\p{C}]+$/u.test(step) ? `.${step}` : `[${quote(step)}]`;
}

/** A value in quotes where it would not be one otherwise. */
export function printValue(value: string): string {
  return /^[^\s"\p{C}]+$/u.test(value) ? value : quote(value);
}

function printWord(word: string): string {
  return /^[^\s":=\p{C}]+$/u.test(word) && !/^payload[.[]/i.test(word) ? word : quote(word);
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll(/\p{C}/gu, escapeUnits)}"`;
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}
