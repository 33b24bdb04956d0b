import type { Queryable } from "../db.ts";
import type { AckMode, DeliveryAttemptKind, DeliveryState } from "../domain/delivery-state.ts";
import type { MessageState } from "../domain/message-state.ts";
import type { DeliveryKey } from "./delivery-filter.ts";
import { plainArray } from "./sql-array.ts";

/** A delivery with the names around it. */
export interface DeliveryRow extends DeliveryKey {
  subscription: string;
  subscriptionRemoved: boolean;
  ack: AckMode;
  topic: string;
  masked: boolean;
  app: string;
  key: string | null;
  type: string | null;
  businessKey: string | null;
  payloadBytes: number;
  messageState: MessageState;
  storedAt: Date;
  sentAt: Date | null;
  state: DeliveryState;
  attempt: number;
  /** Attempts since it was made or driven anew; at `maxAttempts` it is given up. */
  made: number;
  maxAttempts: number;
  /** How often an operator sent it off anew. */
  drive: number;
  createdAt: Date;
  /** When it came into its state. */
  movedAt: Date;
  /** PENDING: its deadline; WAITING: when it is delivered again, null: that is on its way to the broker. */
  dueAt: Date | null;
  /** WAITING and due, but its subscription or its topic is paused. */
  paused: boolean;
  reason: string | null;
  group: { id: string; errorType: string; pattern: string } | null;
  /** Of the latest failed attempt. */
  error: { type: string; message: string | null; at: Date; attempt: number } | null;
}

/** What was out of the ordinary in a delivery. */
export interface DeliveryAttemptRow {
  at: Date;
  attempt: number;
  kind: DeliveryAttemptKind;
  /** A process, the consumer, or an operator's user name. */
  by: string;
  errorType: string | null;
  errorMessage: string | null;
  errorStack: string | null;
  /** HTTP status of a webhook's answer, how long it took, and the beginning of its body. */
  status: number | null;
  durationMs: number | null;
  body: string | null;
  /** When the next attempt was to be made. */
  retryAt: Date | null;
  brokerPartition: number | null;
  brokerOffset: string | null;
  /** An operator's own words, or why it was given up. */
  reason: string | null;
}

/** A delivery with its history. */
export interface DeliveryHistory extends DeliveryRow {
  /** Oldest first. */
  attempts: DeliveryAttemptRow[];
}

const ROW = `d.message_id AS "messageId", d.subscription_id AS "subscriptionId", x.name AS subscription,
  x.removed_at IS NOT NULL AS "subscriptionRemoved", x.ack, t.name AS topic, t.masked, app.name AS app, m.key, m.type,
  m.business_key AS "businessKey", octet_length(m.payload) AS "payloadBytes", s.state AS "messageState",
  s.stored_at AS "storedAt", s.sent_at AS "sentAt", d.state, d.attempt, d.attempt - d.drive_from AS made,
  x.max_attempts AS "maxAttempts", d.drive, d.created_at AS "createdAt", d.moved_at AS "movedAt", d.due_at AS "dueAt",
  d.state = 'WAITING' AND d.due_at <= now() AND (x.paused_at IS NOT NULL OR t.paused_at IS NOT NULL) AS paused, d.reason,
  CASE WHEN g.id IS NOT NULL THEN json_build_object('id', g.id::text, 'errorType', g.error_type, 'pattern', g.pattern) END AS group,
  CASE WHEN e.at IS NOT NULL THEN json_build_object('type', e.error_type, 'message', e.error_message,
    'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'attempt', e.attempt) END AS error`;

const AROUND = `
  JOIN subscription x ON x.id = d.subscription_id JOIN topic t ON t.id = x.topic_id
  JOIN message_state s ON s.id = d.message_id JOIN message m ON m.id = d.message_id JOIN app ON app.id = s.app_id
  LEFT JOIN failure_group g ON g.id = d.failure_group_id
  LEFT JOIN LATERAL (
    SELECT a.at, a.error_type, a.error_message, a.attempt FROM delivery_attempt a
    WHERE a.message_id = d.message_id AND a.subscription_id = d.subscription_id AND a.error_type IS NOT NULL
    ORDER BY a.n DESC LIMIT 1) e ON true`;

type RawRow = Omit<DeliveryRow, "error"> & {
  error: { type: string; message: string | null; at: string; attempt: number } | null;
};

/** These deliveries, in the order asked; those that do not exist are left out. */
export async function readDeliveries(db: Queryable, keys: readonly DeliveryKey[]): Promise<DeliveryRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<RawRow>({
    name: "read-deliveries",
    text: `SELECT ${ROW} FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS a(message_id, subscription_id, n)
           CROSS JOIN LATERAL (
             SELECT * FROM delivery WHERE message_id = a.message_id AND subscription_id = a.subscription_id OFFSET 0) d
           ${AROUND} ORDER BY a.n`,
    values: [plainArray(keys.map((k) => k.messageId)), plainArray(keys.map((k) => k.subscriptionId))],
  });
  return rows.map(toRow);
}

/** All deliveries of these messages, by subscription. */
export async function readMessageDeliveries(db: Queryable, ids: readonly string[]): Promise<DeliveryRow[]> {
  const { rows } = await db.query<RawRow>({
    name: "read-message-deliveries",
    text: `SELECT ${ROW} FROM unnest($1::uuid[]) AS asked(id)
           CROSS JOIN LATERAL (SELECT * FROM delivery WHERE message_id = asked.id OFFSET 0) d
           ${AROUND} ORDER BY x.name, x.id`,
    values: [plainArray(ids)],
  });
  return rows.map(toRow);
}

/**
 * The deliveries of messages with what was out of the ordinary in each, by subscription; of more than `limitEach` attempts
 * the newest. Messages that have none are absent. Two statements at once: `db` is a pool.
 */
export async function readDeliveryHistories(
  db: Queryable,
  ids: readonly string[],
  limitEach: number,
): Promise<Map<string, DeliveryHistory[]>> {
  const [deliveries, attempts] = await Promise.all([
    readMessageDeliveries(db, ids),
    db.query<DeliveryAttemptRow & DeliveryKey>({
      name: "read-delivery-attempts",
      text: `SELECT d.message_id AS "messageId", d.subscription_id AS "subscriptionId", last.*
             FROM unnest($1::uuid[]) AS asked(id) JOIN delivery d ON d.message_id = asked.id
             CROSS JOIN LATERAL (
               SELECT at, attempt, kind, by, error_type AS "errorType", error_message AS "errorMessage",
                 error_stack AS "errorStack", status, duration_ms AS "durationMs", body, retry_at AS "retryAt",
                 broker_partition AS "brokerPartition", broker_offset::text AS "brokerOffset", reason
               FROM delivery_attempt a
               WHERE a.message_id = d.message_id AND a.subscription_id = d.subscription_id ORDER BY a.n DESC LIMIT $2) last`,
      values: [plainArray(ids), limitEach],
    }),
  ]);
  const told = new Map<string, DeliveryAttemptRow[]>();
  for (const { messageId, subscriptionId, ...row } of attempts.rows.toReversed()) {
    const key = `${messageId} ${subscriptionId}`;
    told.set(key, [...(told.get(key) ?? []), row]);
  }
  const found = new Map<string, DeliveryHistory[]>();
  for (const row of deliveries) {
    const all = told.get(`${row.messageId} ${row.subscriptionId}`) ?? [];
    found.set(row.messageId, [...(found.get(row.messageId) ?? []), { ...row, attempts: all }]);
  }
  return found;
}

function toRow(row: RawRow): DeliveryRow {
  return { ...row, error: row.error && { ...row.error, at: new Date(row.error.at) } };
}
