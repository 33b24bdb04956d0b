import type { Queryable } from "../db.ts";
import type { DeliveryState } from "../domain/delivery-state.ts";
import { NEWEST_CONTENT } from "./newest-content.ts";
import { plainArray } from "./sql-array.ts";

/** Subscriptions of one name that an app may read: its own, and those that belong to nobody. */
export async function findReadableSubscriptions(
  db: Queryable,
  of: { name: string; topic: string | null; appId: number },
): Promise<{ id: number; topic: string }[]> {
  const { rows } = await db.query<{ id: number; topic: string }>({
    name: "find-readable-subscriptions",
    text: `SELECT x.id, t.name AS topic FROM subscription x JOIN topic t ON t.id = x.topic_id
           WHERE x.name = $1 AND ($2::text IS NULL OR t.name = $2) AND (x.app_id IS NULL OR x.app_id = $3)
             AND x.ack IN ('explicit', 'webhook') AND x.removed_at IS NULL`,
    values: [of.name, of.topic, of.appId],
  });
  return rows;
}

export interface DeliveryScan {
  subscriptionIds: readonly number[];
  /** Empty: any. */
  states: readonly DeliveryState[];
  /** Only of messages before this one. */
  before: string | undefined;
  limit: number;
  /** Most rows looked at, for filters that no index answers. */
  scanLimit: number;
}

/** Ids of messages, newest first; `edge`: where the scan ended before it found enough, null: it saw everything. */
export interface ScannedDeliveries {
  ids: string[];
  edge: string | null;
}

/** Of dead deliveries the index knows the order; it is as small as their number. */
const SCAN_DEAD = `
  SELECT message_id, NULL::uuid AS edge FROM delivery
  WHERE state = 'DEAD' AND subscription_id = ANY($1::int[]) AND ($2::uuid IS NULL OR message_id < $2)
  ORDER BY message_id DESC LIMIT $3`;

/** Else the primary key's order, row by row and bounded. A message may be cut at the edge: the next page begins with it. */
const SCAN = `
  WITH scanned AS MATERIALIZED (
    SELECT message_id, subscription_id, state FROM delivery WHERE ($2::uuid IS NULL OR message_id < $2)
    ORDER BY message_id DESC, subscription_id DESC LIMIT $5
  )
  (SELECT message_id, NULL::uuid AS edge FROM scanned
   WHERE subscription_id = ANY($1::int[]) AND ($4::delivery_state[] IS NULL OR state = ANY($4)) LIMIT $3)
  UNION ALL
  (SELECT NULL, message_id FROM scanned OFFSET $5 - 1 LIMIT 1)`;

/** Newest first by the message's id, which is by time. */
export async function scanDeliveries(db: Queryable, scan: DeliveryScan): Promise<ScannedDeliveries> {
  const dead = scan.states.length === 1 && scan.states[0] === "DEAD";
  const values = [plainArray(scan.subscriptionIds), scan.before ?? null, scan.limit];
  const { rows } = await db.query<{ message_id: string | null; edge: string | null }>(
    dead
      ? { name: "scan-dead-deliveries", text: SCAN_DEAD, values }
      : {
          name: "scan-deliveries",
          text: SCAN,
          values: [...values, scan.states.length > 0 ? plainArray(scan.states) : null, scan.scanLimit],
        },
  );
  const edge = rows.find((row) => row.edge !== null)?.edge ?? null;
  return { ids: rows.flatMap((row) => (row.message_id === null ? [] : [row.message_id])), edge };
}

/** A delivery with its message, for whoever consumes it. */
export interface ConsumedDelivery {
  messageId: string;
  subscriptionId: number;
  subscription: string;
  state: DeliveryState;
  attempt: number;
  createdAt: Date;
  movedAt: Date;
  dueAt: Date | null;
  reason: string | null;
  errorType: string | null;
  errorMessage: string | null;
  topic: string;
  key: string | null;
  type: string | null;
  businessKey: string | null;
  contentType: string;
  headers: Record<string, string> | null;
  storedAt: Date;
  sentAt: Date | null;
  payload: Buffer | null;
}

const READ = `
  SELECT "messageId", "subscriptionId", subscription, state, attempt, "createdAt", "movedAt", "dueAt", reason, "errorType",
         "errorMessage", topic, key, type, "businessKey", "contentType", headers, "storedAt", "sentAt",
         CASE WHEN $3 THEN payload END AS payload
  FROM (
    SELECT d.message_id AS "messageId", d.subscription_id AS "subscriptionId", x.name AS subscription, d.state, d.attempt,
           d.created_at AS "createdAt", d.moved_at AS "movedAt", d.due_at AS "dueAt", d.reason, f.error_type AS "errorType",
           f.error_message AS "errorMessage", t.name AS topic, m.key, m.type, m.business_key AS "businessKey",
           ${NEWEST_CONTENT.contentType} AS "contentType", ${NEWEST_CONTENT.headers} AS headers,
           s.stored_at AS "storedAt", s.sent_at AS "sentAt", ${NEWEST_CONTENT.payload} AS payload,
           sum(CASE WHEN $3 THEN ${NEWEST_CONTENT.bytes} ELSE 0 END)
             OVER (ORDER BY d.message_id DESC ROWS UNBOUNDED PRECEDING)
             - CASE WHEN $3 THEN ${NEWEST_CONTENT.bytes} ELSE 0 END AS before
    FROM unnest($1::uuid[]) AS asked(id)
    JOIN delivery d ON d.message_id = asked.id AND d.subscription_id = ANY($2::int[])
    JOIN subscription x ON x.id = d.subscription_id
    JOIN message m ON m.id = asked.id
    JOIN message_state s ON s.id = asked.id
    JOIN topic t ON t.id = m.topic_id
    LEFT JOIN LATERAL (
      SELECT a.error_type, a.error_message FROM delivery_attempt a
      WHERE a.message_id = d.message_id AND a.subscription_id = d.subscription_id AND a.error_type IS NOT NULL
      ORDER BY a.n DESC LIMIT 1
    ) f ON true
    ${NEWEST_CONTENT.join("d.message_id", "true")}
  ) page
  WHERE before < $4 ORDER BY "messageId" DESC`;

/**
 * Deliveries of messages with the content that is sent of them by now, newest first; fewer than asked when their payloads
 * pass `maxBytes`, at least one.
 *
 * @param options `payload`: whether payloads are read
 */
export async function readConsumedDeliveries(
  db: Queryable,
  ids: readonly string[],
  subscriptionIds: readonly number[],
  options: { payload: boolean; maxBytes: number },
): Promise<ConsumedDelivery[]> {
  const { rows } = await db.query<ConsumedDelivery>({
    name: "read-consumed-deliveries",
    text: READ,
    values: [plainArray(ids), plainArray(subscriptionIds), options.payload, options.maxBytes],
  });
  return rows;
}
