import { createLoader, parseAsBoolean, parseAsString } from "nuqs/server";

/** What the address holds beside `peek`: a link shows a colleague the same thing. */
export const searchParams = {
  /** The query, its times written for every reader. */
  q: parseAsString.withDefault(""),
  /** Payloads of masked topics are searched too. */
  unmask: parseAsBoolean.withDefault(false),
};

export const loadSearchParams = createLoader(searchParams);

/** Matches of one page. */
export const PAGE_SIZE = 50;
/** Most rows on the page: more are narrowed down, not read. */
export const MOST_ROWS = 1000;
/** Looked at without being asked again. */
export const SCAN_BUDGET = 2_000_000;
