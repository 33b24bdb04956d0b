import type { Queryable } from "../db.ts";
import type { MessageState } from "../domain/message-state.ts";
import { countFlow, enteredAt } from "./message-flow.ts";
import { plainArray, textArray } from "./sql-array.ts";

/** A message as intake hands it to the store: checked, with its lane worked out. */
export interface NewMessage {
  /** UUIDv7, lower case. */
  id: string;
  appId: number;
  topicId: number;
  lane: number;
  key: string | null;
  type: string | null;
  businessKey: string | null;
  contentType: string;
  /** A JSON object of strings, as text. */
  headers: string | null;
  traceparent: string | null;
  payload: Buffer;
  deliverAt: Date | null;
  /** Seconds until the first check-back; used by `insertPrepared` only. */
  checkAfterSeconds: number;
}

/**
 * The content of all rows in one statement. Payloads travel as one binary parameter cut up by offset: as elements of a
 * bytea[] they would be sent as hexadecimal text, twice the bytes and twice the parsing.
 * Both tables are written in the same order by every caller, so two flushes with the same id cannot each win one of them.
 */
const inputAnd = (guard: string): string => `
  input AS MATERIALIZED (
    SELECT id, app_id, topic_id, lane, key, type, business_key, content_type, headers, traceparent,
           payload_from, payload_length, deliver_at, check_after
    FROM unnest($1::uuid[], $2::int[], $3::int[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                $10::text[], $11::int[], $12::int[], $13::timestamptz[], $14::int[])
      AS x(id, app_id, topic_id, lane, key, type, business_key, content_type, headers, traceparent,
           payload_from, payload_length, deliver_at, check_after)
    ${guard}
  ), content AS (
    INSERT INTO message (id, app_id, topic_id, lane, key, type, business_key, content_type, headers, traceparent, payload)
    SELECT id, app_id, topic_id, lane, key, type, business_key, content_type, headers::json, traceparent,
           substring($15::bytea FROM payload_from FOR payload_length)
    FROM input
    ON CONFLICT (id) DO NOTHING
  )`;

const INSERT_PREPARED = `
  WITH ${inputAnd("")}, stored AS (
    INSERT INTO message_state AS s (id, app_id, topic_id, lane, state, check_at, deliver_at)
    SELECT id, app_id, topic_id, lane, 'PREPARED', now() + check_after * interval '1 second', deliver_at
    FROM input
    ON CONFLICT (id) DO NOTHING
    RETURNING id, state, app_id, topic_id, ${enteredAt("s")} AS entered_at
  ), ${countFlow({ from: "stored", left: false })}
  SELECT id, state FROM stored`;

/** Everything that stores messages as READY, up to the statement's own SELECT. @param guard a WHERE for the input, or nothing */
export const readyCtes = (guard: string): string => `${inputAnd(guard)}, stored AS (
    INSERT INTO message_state AS s (id, app_id, topic_id, lane, state, ready_seq, decided_at, decided_by, deliver_at)
    SELECT id, app_id, topic_id, lane,
           CASE WHEN deliver_at > now() THEN 'SCHEDULED' ELSE 'READY' END::message_state_kind,
           CASE WHEN deliver_at > now() THEN NULL ELSE nextval('message_ready_seq') END,
           now(), 'producer', deliver_at
    FROM input
    ON CONFLICT (id) DO NOTHING
    RETURNING id, state, lane, app_id, topic_id, ${enteredAt("s")} AS entered_at
  ), ${countFlow({ from: "stored", left: false })}, wake AS (
    SELECT pg_notify('surelay_ready', string_agg(DISTINCT lane::text, ','))
    FROM stored WHERE state = 'READY' HAVING count(*) > 0
  )`;

const INSERT_READY = `
  WITH ${readyCtes("")}
  SELECT stored.id, stored.state FROM stored LEFT JOIN wake ON true`;

/**
 * Stores messages as PREPARED. One statement: all of them or none.
 *
 * @returns id → state of the rows stored now. An id that is absent was stored before, by this batch or another caller:
 * compare its content with `readContents`.
 */
export function insertPrepared(
  db: Queryable,
  messages: readonly NewMessage[],
): Promise<Map<string, MessageState>> {
  return insert(db, "insert-prepared", INSERT_PREPARED, messages);
}

/** Stores messages as READY, or SCHEDULED when `deliverAt` is in the future, and wakes the relay. Otherwise as `insertPrepared`. */
export function insertReady(
  db: Queryable,
  messages: readonly NewMessage[],
): Promise<Map<string, MessageState>> {
  return insert(db, "insert-ready", INSERT_READY, messages);
}

async function insert(
  db: Queryable,
  name: string,
  text: string,
  messages: readonly NewMessage[],
): Promise<Map<string, MessageState>> {
  const result = await db.query<[string, MessageState]>({
    name,
    text,
    values: toColumns(messages),
    rowMode: "array",
  });
  return new Map(result.rows);
}

/** The parameters $1 to $15 of the statements above. */
export function toColumns(messages: readonly NewMessage[]): unknown[] {
  const lengths = messages.map((m) => m.payload.length);
  let next = 1;
  const froms = lengths.map((length) => {
    const from = next;
    next += length;
    return from;
  });
  return [
    plainArray(messages.map((m) => m.id)),
    plainArray(messages.map((m) => m.appId)),
    plainArray(messages.map((m) => m.topicId)),
    plainArray(messages.map((m) => m.lane)),
    textArray(messages.map((m) => m.key)),
    textArray(messages.map((m) => m.type)),
    textArray(messages.map((m) => m.businessKey)),
    textArray(messages.map((m) => m.contentType)),
    textArray(messages.map((m) => m.headers)),
    textArray(messages.map((m) => m.traceparent)),
    plainArray(froms),
    plainArray(lengths),
    textArray(messages.map((m) => m.deliverAt?.toISOString() ?? null)),
    plainArray(messages.map((m) => m.checkAfterSeconds)),
    Buffer.concat(messages.map((m) => m.payload)),
  ];
}
