import type { Queryable } from "../db.ts";
import type { MessageState } from "../domain/message-state.ts";
import type { Decider, OwnedId } from "./confirm-messages.ts";
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
  checkAt: Date | null;
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
  s.decided_by AS "decidedBy", s.sent_at AS "sentAt", s.check_at AS "checkAt", s.deliver_at AS "deliverAt",
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

export interface MessageFilter {
  /** Null: of every app (for operators). */
  appId: number | null;
  topicId?: number;
  businessKey?: string;
  key?: string;
  states?: readonly MessageState[];
  /** Only messages that wait because their topic is not available or paused. */
  held?: boolean;
  /** Only ids of this moment or later. */
  from?: Date;
  /** Only ids of before this moment. */
  to?: Date;
  /** Only ids before this one: the cursor. */
  before?: string;
  /** Most rows returned. */
  limit: number;
  /** Most rows looked at: keeps a filter that matches little from walking the whole table. */
  scanLimit: number;
}

export interface MessagePage {
  rows: MessageRow[];
  /** Where the next page begins; null: everything was seen. */
  nextBefore: string | null;
  /** False: `scanLimit` rows were looked at before `limit` were found; the next page goes on from there. */
  complete: boolean;
}

/**
 * Newest first by id (which is by time: ids are UUIDv7), keyset paging. With a business key by its own index; otherwise
 * the newest `scanLimit` rows below the cursor are looked at.
 */
export async function listMessages(db: Queryable, filter: MessageFilter): Promise<MessagePage> {
  const where: string[] = [];
  const values: unknown[] = [];
  const param = (value: unknown) => `$${values.push(value)}`;
  if (filter.appId !== null) where.push(`s.app_id = ${param(filter.appId)}`);
  if (filter.topicId !== undefined) where.push(`s.topic_id = ${param(filter.topicId)}`);
  if (filter.states?.length) where.push(`s.state = ANY(${param(filter.states)}::message_state_kind[])`);
  if (filter.held) where.push("s.held_at IS NOT NULL");
  if (filter.key !== undefined)
    where.push(`EXISTS (SELECT FROM message m WHERE m.id = s.id AND m.key = ${param(filter.key)})`);
  const bounds = [
    ...(filter.before === undefined ? [] : [`x.id < ${param(filter.before)}::uuid`]),
    ...(filter.from === undefined ? [] : [`x.id >= surelay_uuid_floor(${param(filter.from)}::timestamptz)`]),
    ...(filter.to === undefined ? [] : [`x.id < surelay_uuid_floor(${param(filter.to)}::timestamptz)`]),
  ];
  const below = bounds.length === 0 ? "true" : bounds.join(" AND ");
  const candidates =
    filter.businessKey === undefined
      ? `SELECT * FROM message_state x WHERE ${below} ORDER BY id DESC LIMIT ${param(filter.scanLimit)}`
      : `SELECT x.* FROM (
           SELECT x.id FROM message x
           WHERE ${filter.appId === null ? "" : `x.app_id = ${param(filter.appId)} AND`} x.business_key = ${param(filter.businessKey)} AND ${below}
           ORDER BY x.id DESC LIMIT ${param(filter.scanLimit)}) hit
         JOIN message_state x ON x.id = hit.id`;
  const { rows } = await db.query<RawRow & { scanned: number; last: string }>({
    text: `WITH candidate AS MATERIALIZED (${candidates}),
           seen AS (SELECT count(*)::int AS scanned, (SELECT id FROM candidate ORDER BY id LIMIT 1) AS last FROM candidate),
           hit AS (SELECT * FROM candidate s ${where.length > 0 ? `WHERE ${where.join(" AND ")}` : ""}
                   ORDER BY id DESC LIMIT ${param(filter.limit + 1)})
           SELECT seen.scanned, seen.last, r.* FROM seen LEFT JOIN LATERAL (
             SELECT ${ROW} FROM hit s JOIN message m ON m.id = s.id ${NAMES}) r ON true
           ORDER BY r.id DESC`,
    values,
  });
  const found = rows.filter((row) => row.id !== null);
  const page = found.slice(0, filter.limit).map(toMessageRow);
  const more = found.length > filter.limit;
  const exhausted = (rows[0]?.scanned ?? 0) < filter.scanLimit;
  const nextBefore = more ? page.at(-1)!.id : exhausted ? null : (rows[0]?.last ?? null);
  return { rows: page, nextBefore, complete: more || exhausted };
}

type RawRow = Omit<MessageRow, "brokerOffset"> & { brokerOffset: string | null };

function toMessageRow(row: RawRow): MessageRow {
  const { scanned: _scanned, last: _last, ...rest } = row as RawRow & { scanned?: number; last?: string };
  return { ...rest, brokerOffset: row.brokerOffset === null ? null : BigInt(row.brokerOffset) };
}
