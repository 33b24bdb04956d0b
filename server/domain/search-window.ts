import { type SearchQuery, SPAN_UNITS } from "./search-query.ts";
import { momentOf, writeMoment } from "./search-time.ts";

/** The time a query is about: of this moment or later, before this moment; ms since the epoch. */
export interface SearchWindow {
  from?: number;
  to?: number;
}

/** @param zone an IANA name, for times without an offset @param now what `last:` ends at, ms since the epoch */
export function windowOf(query: SearchQuery, zone: string, now: number): SearchWindow {
  if (query.last) return { from: now - query.last.count * SPAN_UNITS[query.last.unit] };
  return {
    ...(query.after !== undefined && { from: momentOf(query.after, zone) }),
    ...(query.before !== undefined && { to: momentOf(query.before, zone) }),
  };
}

/** Whether the window ends before it begins, so that nothing can be in it. */
export function isBackwards({ from, to }: SearchWindow): boolean {
  return from !== undefined && to !== undefined && from >= to;
}

/** The query with its times written for every reader, wherever they are: what an address holds. */
export function fixTimes(query: SearchQuery, zone: string): SearchQuery {
  const fix = (text: string) => writeMoment(momentOf(text, zone), zone);
  return {
    ...query,
    ...(query.after !== undefined && { after: fix(query.after) }),
    ...(query.before !== undefined && { before: fix(query.before) }),
  };
}
