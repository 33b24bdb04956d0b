import { SurelayError } from "../../errors.ts";

/** The query as it came: parameters by name. */
export type ListQuery = Record<string, string | readonly string[] | undefined>;

const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

/** @param known the parameters there are. @throws SurelayError `validation_failed` */
export function readParameters<Name extends string>(
  query: ListQuery,
  known: readonly Name[],
): Partial<Record<Name, string>> {
  const values: Partial<Record<string, string>> = {};
  for (const [name, value] of Object.entries(query)) {
    if (!(known as readonly string[]).includes(name))
      throw refusedQuery(`There is no parameter ${JSON.stringify(name.slice(0, 100))}.`);
    if (typeof value !== "string") throw refusedQuery(`The parameter ${name} stands there twice.`);
    if (value === "") throw refusedQuery(`The parameter ${name} is empty.`);
    if (value.includes("\0")) throw refusedQuery(`The parameter ${name} holds the character U+0000.`);
    values[name] = value;
  }
  return values as Partial<Record<Name, string>>;
}

/** States separated by commas; none asked for: an empty list. @throws SurelayError `validation_failed` */
export function readWords<State extends string>(text: string | undefined, known: readonly State[]): State[] {
  if (text === undefined) return [];
  return text.split(",").map((word) => {
    const state = known.find((one) => one === word);
    if (!state) throw refusedQuery(`There is no state ${JSON.stringify(word.slice(0, 100))}.`);
    return state;
  });
}

/** @throws SurelayError `validation_failed` */
export function readLimit(text: string | undefined, most: number): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > most) throw refusedQuery(`limit is not a whole number from 1 to ${most}.`);
  return limit;
}

export function refusedQuery(detail: string): SurelayError {
  return new SurelayError("validation_failed", detail);
}
