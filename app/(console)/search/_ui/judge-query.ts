import { type ParsedSearch, parseSearch } from "@/server/domain/parse-search.ts";
import { isBackwards, windowOf } from "@/server/domain/search-window.ts";

/** A query as it is understood in a zone; a window that ends before it begins is a problem too. Pure. */
export function judgeQuery(text: string, zone: string): ParsedSearch {
  const parsed = parseSearch(text);
  if (parsed.problem !== null || !isBackwards(windowOf(parsed.query, zone, 0))) return parsed;
  const term = parsed.terms.findLast(({ field }) => field === "after" || field === "before")!;
  const problem = { code: "backwards", at: term.at, length: term.end - term.at, value: "" } as const;
  return { ...parsed, problem };
}
