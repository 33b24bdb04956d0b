import type { Queryable } from "../db.ts";
import type { AckMode, DeliveryAttemptKind, DeliveryState } from "../domain/delivery-state.ts";
import { plainArray } from "./sql-array.ts";

/** What was out of the ordinary in a delivery. */
export interface DeliveryAttemptRow {
  at: Date;
  attempt: number;
  kind: DeliveryAttemptKind;
  /** The consumer's app, the name of a process, or an operator. */
  by: string;
  errorType: string | null;
  errorMessage: string | null;
  errorStack: string | null;
  failureGroupId: string | null;
  /** HTTP status of a webhook's answer, and the beginning of its body. */
  status: number | null;
  durationMs: number | null;
  body: string | null;
  /** When the next attempt was due. */
  retryAt: Date | null;
  brokerPartition: number | null;
  brokerOffset: string | null;
  reason: string | null;
}

/** One message for one subscription. */
export interface DeliveryRow {
  messageId: string;
  subscriptionId: number;
  subscription: string;
  ack: AckMode;
  /** The subscription was removed. */
  removed: boolean;
  state: DeliveryState;
  attempt: number;
  /** How often an operator has sent it off anew. */
  drive: number;
  /** The attempt that the last of these began at: the maximum counts from there. */
  driveFrom: number;
  maxAttempts: number;
  createdAt: Date;
  movedAt: Date;
  /** PENDING: the acknowledgement's deadline; WAITING: when it is delivered again, null: it is queued. */
  dueAt: Date | null;
  failureGroupId: string | null;
  reason: string | null;
  /** Oldest first. */
  attempts: DeliveryAttemptRow[];
}

const ROW = `d.message_id AS "messageId", d.subscription_id AS "subscriptionId", x.name AS subscription, x.ack,
  x.removed_at IS NOT NULL AS removed, d.state, d.attempt, d.drive, d.drive_from AS "driveFrom",
  x.max_attempts AS "maxAttempts", d.created_at AS "createdAt", d.moved_at AS "movedAt", d.due_at AS "dueAt",
  d.failure_group_id::text AS "failureGroupId", d.reason`;

const ATTEMPT = `at, attempt, kind, by, error_type AS "errorType", error_message AS "errorMessage",
  error_stack AS "errorStack", failure_group_id::text AS "failureGroupId", status, duration_ms AS "durationMs", body,
  retry_at AS "retryAt", broker_partition AS "brokerPartition", broker_offset::text AS "brokerOffset", reason`;

/**
 * Deliveries of messages with what was out of the ordinary in each, by subscription; of more than `limitEach` attempts the
 * newest. Messages that have none are absent.
 */
export async function readDeliveries(
  db: Queryable,
  ids: readonly string[],
  limitEach: number,
): Promise<Map<string, DeliveryRow[]>> {
  const [deliveries, attempts] = await Promise.all([
    db.query<Omit<DeliveryRow, "attempts">>({
      name: "read-deliveries",
      text: `SELECT ${ROW} FROM unnest($1::uuid[]) AS asked(id) JOIN delivery d ON d.message_id = asked.id
             JOIN subscription x ON x.id = d.subscription_id ORDER BY x.name, d.subscription_id`,
      values: [plainArray(ids)],
    }),
    db.query<DeliveryAttemptRow & { messageId: string; subscriptionId: number }>({
      name: "read-delivery-attempts",
      text: `SELECT d.message_id AS "messageId", d.subscription_id AS "subscriptionId", last.*
             FROM unnest($1::uuid[]) AS asked(id) JOIN delivery d ON d.message_id = asked.id
             CROSS JOIN LATERAL (
               SELECT ${ATTEMPT} FROM delivery_attempt a
               WHERE a.message_id = d.message_id AND a.subscription_id = d.subscription_id ORDER BY a.n DESC LIMIT $2) last`,
      values: [plainArray(ids), limitEach],
    }),
  ]);
  const told = new Map<string, DeliveryAttemptRow[]>();
  for (const { messageId, subscriptionId, ...row } of attempts.rows.toReversed()) {
    const key = `${messageId} ${subscriptionId}`;
    told.set(key, [...(told.get(key) ?? []), row]);
  }
  const found = new Map<string, DeliveryRow[]>();
  for (const row of deliveries.rows) {
    const all = told.get(`${row.messageId} ${row.subscriptionId}`) ?? [];
    found.set(row.messageId, [...(found.get(row.messageId) ?? []), { ...row, attempts: all }]);
  }
  return found;
}
