import type { Queryable } from "../../db.ts";
import { planMessages } from "../../store/find-messages.ts";
import type { SourceName } from "../../store/message-sources.ts";
import { type AskedSearch, resolveSearch } from "./resolve-search.ts";

/** What a search will do, told before it is begun. */
export interface SearchPlan {
  unknown: { field: "app" | "topic"; name: string } | null;
  source: SourceName | null;
  /** The index answers alone: whatever it yields matches. */
  exact: boolean;
  /** Candidates to be looked at, counted up to a limit; null: more. */
  candidates: number | null;
  /** Names of masked topics whose payloads are left out. */
  masked: string[];
}

/** @throws SurelayError `validation_failed` */
export async function planSearch(db: Queryable, asked: AskedSearch): Promise<SearchPlan> {
  const resolved = await resolveSearch(db, asked);
  if ("unknown" in resolved)
    return { unknown: resolved.unknown, source: null, exact: false, candidates: 0, masked: [] };
  return { unknown: null, masked: resolved.masked, ...(await planMessages(db, resolved.filter)) };
}
