import type { Pool, Queryable } from "../../db.ts";
import { timeOfMessageId } from "../../domain/message-id.ts";
import { appendAudit, hasRecentAudit } from "../../store/audit.ts";
import { listMessages } from "../../store/find-messages.ts";
import type { SourceName } from "../../store/message-sources.ts";
import type { AuditActor } from "../console/audit-origin.ts";
import { type MessageListItem, toListItem } from "../console/list-messages.ts";
import { type AskedSearch, type ResolvedSearch, resolveSearch } from "./resolve-search.ts";

/** Most messages that one request looks at; its limit of time comes first. */
const SCAN_LIMIT = 500_000;

export interface SearchMessages extends AskedSearch {
  /** Only messages older than this id: where the step before ended. */
  before: string | null;
  limit: number;
}

/** What one step of a search found. */
export interface SearchPage {
  items: MessageListItem[];
  /** Cursor of the next step; null: all that match have been found. */
  nextBefore: string | null;
  /** The step ended by its limits, not because the page is full. */
  cut: boolean;
  /** By what candidates were found; null: an app or topic of that name does not exist. */
  source: SourceName | null;
  unknown: { field: "app" | "topic"; name: string } | null;
  /** Candidates looked at in this step. */
  scanned: number;
  /** When the search was begun: the next step is asked for with it. */
  at: Date;
  /** Everything of this moment or later has been looked at; null: everything has. */
  reached: Date | null;
  /** Candidates whose payload is not JSON, and those whose topic is masked: neither can match. */
  notJson: number;
  sealed: number;
}

/** A step of a search, newest first; payloads of masked topics are not looked into. @throws SurelayError `validation_failed` */
export async function searchMessages(db: Queryable, asked: SearchMessages): Promise<SearchPage> {
  const resolved = await resolveSearch(db, asked);
  return runStep(db, resolved, asked);
}

/**
 * The same, with the payloads of masked topics, for who may: what is found tells what they hold. That it was searched is in
 * the audit log before a payload is read, once for a search of an hour however many steps it takes.
 */
export async function searchUnmasked(
  db: Pool,
  asked: SearchMessages,
  actor: AuditActor,
): Promise<SearchPage> {
  const resolved = await resolveSearch(db, asked);
  if ("unknown" in resolved) return runStep(db, resolved, asked);
  if (resolved.masked.length > 0) {
    const entry = { action: "payload.search", targetKind: "search", targetId: asked.q };
    const known =
      asked.before !== null && (await hasRecentAudit(db, { ...entry, actorId: actor.actorId }, 3600));
    if (!known) await appendAudit(db, { ...actor, ...entry, after: { topics: resolved.masked } });
  }
  return runStep(db, { ...resolved, filter: { ...resolved.filter, sealedTopicIds: [] } }, asked);
}

async function runStep(
  db: Queryable,
  resolved: Awaited<ReturnType<typeof resolveSearch>>,
  { before, limit }: SearchMessages,
): Promise<SearchPage> {
  if ("unknown" in resolved) return { ...NOTHING, at: new Date(), unknown: resolved.unknown };
  const { rows, nextBefore, complete, source, scanned, notJson, sealed } = await listMessages(db, {
    ...(resolved satisfies ResolvedSearch).filter,
    before: before ?? undefined,
    limit,
    scanLimit: SCAN_LIMIT,
  });
  return {
    items: rows.map(toListItem),
    nextBefore,
    cut: !complete,
    source,
    unknown: null,
    scanned,
    at: resolved.at,
    reached: nextBefore === null ? null : new Date(timeOfMessageId(nextBefore)),
    notJson,
    sealed,
  };
}

const NOTHING: Omit<SearchPage, "at"> = {
  items: [],
  nextBefore: null,
  cut: false,
  source: null,
  unknown: null,
  scanned: 0,
  reached: null,
  notJson: 0,
  sealed: 0,
};
