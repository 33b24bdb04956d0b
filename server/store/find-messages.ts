import type { Queryable } from "../db.ts";
import type { MessageState } from "../domain/message-state.ts";
import type { Decider, OwnedId } from "./confirm-messages.ts";
import type { MessageFilter } from "./message-filter.ts";
import { type Source, type SourceName, isJudged } from "./message-sources.ts";
import { countCandidates, orderSources } from "./order-sources.ts";
import { scanChunk } from "./scan-messages.ts";
import { plainArray } from "./sql-array.ts";

/** Where an app's messages stand. An id that is absent is unknown to that app. */
export async function readStates(
  db: Queryable,
  asked: readonly OwnedId[],
): Promise<Map<string, MessageState>> {
  const { rows } = await db.query<[string, MessageState]>({
    name: "read-states",
    text: `SELECT s.id, s.state FROM unnest($1::uuid[], $2::int[]) AS asked(id, app_id)
           JOIN message_state s ON s.id = asked.id AND s.app_id = asked.app_id`,
    values: [plainArray(asked.map((m) => m.id)), plainArray(asked.map((m) => m.appId))],
    rowMode: "array",
  });
  return new Map(rows);
}

/** What is stored under an id, to tell a repeated call from a conflicting one. */
export interface StoredContent {
  id: string;
  appId: number;
  topicId: number;
  key: string | null;
  type: string | null;
  businessKey: string | null;
  contentType: string;
  headers: Record<string, string> | null;
  payload: Buffer;
  deliverAt: Date | null;
  state: MessageState;
}

/** Contents by id, of whichever app. */
export async function readContents(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, StoredContent>> {
  const { rows } = await db.query<StoredContent>({
    name: "read-contents",
    text: `SELECT m.id, m.app_id AS "appId", m.topic_id AS "topicId", m.key, m.type, m.business_key AS "businessKey",
                  m.content_type AS "contentType", m.headers, m.payload, s.deliver_at AS "deliverAt", s.state
           FROM unnest($1::uuid[]) AS asked(id)
           JOIN message m ON m.id = asked.id JOIN message_state s ON s.id = asked.id`,
    values: [plainArray(ids)],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** A message with where it stands and the names around it; the payload apart. */
export interface MessageRow {
  id: string;
  app: string;
  appId: number;
  topic: string;
  topicId: number;
  lane: number;
  key: string | null;
  type: string | null;
  businessKey: string | null;
  contentType: string;
  headers: Record<string, string> | null;
  traceparent: string | null;
  payloadBytes: number;
  state: MessageState;
  storedAt: Date;
  decidedAt: Date | null;
  decidedBy: Decider | null;
  sentAt: Date | null;
  /** PREPARED: when it is asked about next, or until when a check under way counts. */
  checkAt: Date | null;
  /** Check-backs sent, of those that count. */
  checks: number;
  deliverAt: Date | null;
  heldAt: Date | null;
  brokerPartition: number | null;
  brokerOffset: bigint | null;
  reason: string | null;
}

const ROW = `
  s.id, app.name AS app, s.app_id AS "appId", topic.name AS topic, s.topic_id AS "topicId", s.lane, m.key, m.type,
  m.business_key AS "businessKey", m.content_type AS "contentType", m.headers, m.traceparent,
  octet_length(m.payload) AS "payloadBytes", s.state, s.stored_at AS "storedAt", s.decided_at AS "decidedAt",
  s.decided_by AS "decidedBy", s.sent_at AS "sentAt", s.check_at AS "checkAt", s.checks, s.deliver_at AS "deliverAt",
  s.held_at AS "heldAt", s.broker_partition AS "brokerPartition", s.broker_offset::text AS "brokerOffset", s.reason`;

const NAMES = "JOIN app ON app.id = s.app_id JOIN topic ON topic.id = s.topic_id";

/** One message. @param appId only if it is this app's; null: whoever's (for operators) */
export async function readMessage(
  db: Queryable,
  id: string,
  appId: number | null,
): Promise<MessageRow | null> {
  const { rows } = await db.query<RawRow>({
    name: "read-message",
    text: `SELECT ${ROW} FROM message_state s JOIN message m ON m.id = s.id ${NAMES}
           WHERE s.id = $1 AND ($2::int IS NULL OR s.app_id = $2)`,
    values: [id, appId],
  });
  return rows[0] ? toMessageRow(rows[0]) : null;
}

/** The bytes of a payload, cut at `maxBytes`; null when there is no such message. */
export async function readPayload(db: Queryable, id: string, maxBytes: number): Promise<Buffer | null> {
  const { rows } = await db.query<{ payload: Buffer }>({
    name: "read-payload",
    text: "SELECT substring(payload FROM 1 FOR $2) AS payload FROM message WHERE id = $1",
    values: [id, maxBytes],
  });
  return rows[0]?.payload ?? null;
}

export interface MessageQuery extends MessageFilter {
  /** Only ids before this one: the cursor. */
  before?: string;
  /** Most rows returned. */
  limit: number;
  /** Most rows looked at: keeps a filter that matches little from walking the whole table. */
  scanLimit: number;
  /** No further step of the scan begins after this, ms. Default 120: with the last step a page takes less than 200. */
  timeLimitMs?: number;
}

export interface MessagePage {
  rows: MessageRow[];
  /** Where the next page begins; null: everything was seen. */
  nextBefore: string | null;
  /** False: a limit was met before `limit` rows were found; the next page goes on from there. */
  complete: boolean;
  /** By what the rows were found. */
  source: SourceName;
  /** Rows looked at. */
  scanned: number;
  /** Rows looked at whose payload is not JSON, or must not be looked into; counted for conditions on the payload only. */
  notJson: number;
  sealed: number;
}

/**
 * Newest first by id (which is by time: ids are UUIDv7), keyset paging. By the best index there is for the filter;
 * what it does not tell is judged row by row, in steps, until `limit` are found or a limit is met. Whatever the source,
 * it is read downwards, so pages add up to the same rows though each may be found another way.
 */
export async function listMessages(db: Queryable, query: MessageQuery): Promise<MessagePage> {
  const { limit, scanLimit, timeLimitMs = 120 } = query;
  const deadline = performance.now() + timeLimitMs;
  const sources = await orderSources(db, query);
  const found: string[] = [];
  const page = { source: sources[0]!.name, scanned: 0, notJson: 0, sealed: 0 };
  let [before, next, more, exhausted] = [query.before, 0, false, false];
  let n = firstStep(query, sources[next]!, limit);
  while (!more && !exhausted) {
    const source = sources[next]!;
    page.source = source.name;
    const started = performance.now();
    const chunk = await scanChunk(db, query, source, { below: before, n, wanted: limit - found.length + 1 });
    if (chunk.overflow) {
      next += 1;
      n = firstStep(query, sources[next]!, limit);
      continue;
    }
    more = found.length + chunk.hits.length > limit;
    found.push(...chunk.hits.slice(0, limit - found.length));
    page.scanned += chunk.scanned;
    page.notJson += chunk.notJson;
    page.sealed += chunk.sealed;
    before = chunk.edge ?? before;
    exhausted = chunk.exhausted && !more;
    if (performance.now() > deadline || page.scanned >= scanLimit) break;
    n = Math.min(nextStep(n, performance.now() - started), scanLimit - page.scanned);
  }
  const rows = await readRows(db, found, query);
  return { ...page, rows, nextBefore: exhausted ? null : (before ?? null), complete: more || exhausted };
}

/** How `listMessages` would go about it. */
export interface MessagePlan {
  source: SourceName;
  /** The index answers alone: whatever it yields matches. */
  exact: boolean;
  /** Candidates to be looked at; null: more than are counted. */
  candidates: number | null;
}

/** What a list would look at, at the cost of looking for it. */
export async function planMessages(db: Queryable, filter: MessageFilter): Promise<MessagePlan> {
  for (const source of await orderSources(db, filter)) {
    const candidates = await countCandidates(db, filter, source);
    // A set that is too large gives way to the next source.
    if (candidates === "overflow") continue;
    return { source: source.name, exact: isJudged(filter, source), candidates };
  }
  throw new Error("the last source is never a set");
}

/** A step takes about so long, ms; the next is made larger or smaller to that end. */
const STEP_MS = 30;

function nextStep(n: number, tookMs: number): number {
  const factor = Math.min(4, Math.max(0.25, STEP_MS / Math.max(1, tookMs)));
  return Math.min(20_000, Math.max(50, Math.round(n * factor)));
}

function firstStep(query: MessageQuery, source: Source, limit: number): number {
  if (isJudged(query, source)) return limit + 1;
  return Math.min(query.scanLimit, query.payload?.length ? 500 : 2000);
}

/** Rows in the order asked for. One whose state was another by now is left out: it moved on while it was being found. */
async function readRows(db: Queryable, ids: readonly string[], query: MessageFilter): Promise<MessageRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<RawRow>({
    name: "read-rows",
    text: `SELECT ${ROW} FROM unnest($1::uuid[]) AS asked(id)
           JOIN message_state s ON s.id = asked.id JOIN message m ON m.id = asked.id ${NAMES}
           WHERE ($2::message_state_kind[] IS NULL OR s.state = ANY($2)) AND ($3::boolean IS NOT TRUE OR s.held_at IS NOT NULL)
           ORDER BY s.id DESC`,
    values: [plainArray(ids), query.states?.length ? plainArray(query.states) : null, query.held ?? null],
  });
  return rows.map(toMessageRow);
}

type RawRow = Omit<MessageRow, "brokerOffset"> & { brokerOffset: string | null };

function toMessageRow(row: RawRow): MessageRow {
  return { ...row, brokerOffset: row.brokerOffset === null ? null : BigInt(row.brokerOffset) };
}
