import type { Queryable } from "../db.ts";
import type { DeliveryState } from "../domain/delivery-state.ts";
import { countDeliveries } from "./delivery-flow.ts";
import type { DeliveryKey } from "./delivery-filter.ts";
import { DUE_NOW } from "./due-now.ts";
import { settleMessages } from "./settle-messages.ts";
import { plainArray } from "./sql-array.ts";

/** A delivery that an operator's action has changed. */
export interface OperatedDelivery extends DeliveryKey {
  from: DeliveryState;
  to: DeliveryState;
  attempt: number;
}

/** In the order of locks, each delivery once; those of a subscription that was removed have nobody to go to. */
const ASKED = `asked AS MATERIALIZED (
    SELECT DISTINCT a.message_id, a.subscription_id FROM unnest($1::uuid[], $2::int[]) AS a(message_id, subscription_id)
  )`;
const lock = (where: string) => `locked AS MATERIALIZED (
    SELECT d.message_id, d.subscription_id, d.state AS left_state, d.moved_at AS left_at, x.ack
    FROM (SELECT * FROM asked ORDER BY message_id, subscription_id) a
    JOIN subscription x ON x.id = a.subscription_id AND x.removed_at IS NULL
    JOIN delivery d ON d.message_id = a.message_id AND d.subscription_id = a.subscription_id
    WHERE ${where}
    ORDER BY d.message_id, d.subscription_id FOR UPDATE OF d
  )`;
const note = (kind: string) => `noted AS (
    INSERT INTO delivery_attempt (message_id, subscription_id, attempt, kind, by, reason, retry_at)
    SELECT message_id, subscription_id, attempt, '${kind}', $3, $4, due_at FROM moved
  )`;
const RETURNING = `d.message_id, d.subscription_id, d.state, d.attempt, d.due_at, d.moved_at AS entered_at,
              l.left_state, l.left_at, l.ack`;
/** Those who give out redeliveries and call webhooks look at once. */
const WAKE = `wake AS (
    SELECT pg_notify(CASE WHEN ack = 'webhook' THEN 'surelay_notify' ELSE 'surelay_recover' END, subscription_id::text)
    FROM (SELECT DISTINCT ack, subscription_id FROM moved) woken
  )`;
const RESULT = `SELECT message_id AS "messageId", subscription_id AS "subscriptionId", left_state AS "from", state AS "to", attempt
  FROM moved`;

const REDRIVE = `
  WITH ${ASKED}, ${lock("d.state = 'DEAD'")}, moved AS (
    UPDATE delivery d
    SET state = 'WAITING', due_at = ${DUE_NOW}, moved_at = now(), drive = d.drive + 1, drive_from = d.attempt, reason = NULL
    FROM locked l WHERE d.message_id = l.message_id AND d.subscription_id = l.subscription_id
    RETURNING ${RETURNING}
  ), ${note("redriven")}, ${countDeliveries({ from: "moved", left: true })}, ${WAKE}
  ${RESULT}, (SELECT count(*) FROM wake) AS woken`;

/** DEAD → WAITING, due now, attempts counted anew; wakes who delivers. @returns those that were DEAD */
export function redriveDeliveries(
  db: Queryable,
  keys: readonly DeliveryKey[],
  by: { operator: string; reason: string },
): Promise<OperatedDelivery[]> {
  return operate(db, "redrive-deliveries", REDRIVE, keys, by);
}

const RETRY_NOW = `
  WITH ${ASKED}, ${lock("d.state = 'WAITING' AND d.due_at > now()")}, moved AS (
    UPDATE delivery d SET due_at = ${DUE_NOW}
    FROM locked l WHERE d.message_id = l.message_id AND d.subscription_id = l.subscription_id
    RETURNING ${RETURNING}
  ), ${note("retried_now")}, ${WAKE}
  ${RESULT}, (SELECT count(*) FROM wake) AS woken`;

/** WAITING for later → due now; the state stays, no attempt is added. @returns those that were not due yet */
export function retryDeliveriesNow(
  db: Queryable,
  keys: readonly DeliveryKey[],
  by: { operator: string; reason: string },
): Promise<OperatedDelivery[]> {
  return operate(db, "retry-deliveries-now", RETRY_NOW, keys, by);
}

const DISCARD = `
  WITH asked AS MATERIALIZED (
    SELECT DISTINCT a.message_id, a.subscription_id FROM unnest($1::uuid[], $2::int[]) AS a(message_id, subscription_id)
  ), message AS MATERIALIZED (
    SELECT s.id, s.state FROM (SELECT DISTINCT message_id FROM asked ORDER BY 1) a
    JOIN message_state s ON s.id = a.message_id ORDER BY s.id FOR UPDATE OF s
  ), locked AS MATERIALIZED (
    SELECT d.message_id, d.subscription_id, d.state AS left_state, d.moved_at AS left_at, '' AS ack
    FROM message m JOIN asked a ON a.message_id = m.id
    JOIN delivery d ON d.message_id = a.message_id AND d.subscription_id = a.subscription_id
    WHERE d.state IN ('PENDING', 'WAITING', 'DEAD')
    ORDER BY d.message_id, d.subscription_id FOR UPDATE OF d
  ), moved AS (
    UPDATE delivery d SET state = 'DISCARDED', due_at = NULL, moved_at = now(), reason = $4
    FROM locked l WHERE d.message_id = l.message_id AND d.subscription_id = l.subscription_id
    RETURNING ${RETURNING}
  ), ${note("discarded")}, ${settleMessages({ from: "moved", locked: "message" })}, ${countDeliveries({ from: "moved", left: true })}
  ${RESULT}`;

/**
 * PENDING, WAITING or DEAD → DISCARDED: delivered no more, and no longer waited for; a message whose last open delivery it
 * was becomes CONSUMED. What its consumer has in hand meanwhile may still be handled.
 *
 * @returns those that were open
 */
export function discardDeliveries(
  db: Queryable,
  keys: readonly DeliveryKey[],
  by: { operator: string; reason: string },
): Promise<OperatedDelivery[]> {
  return operate(db, "discard-deliveries", DISCARD, keys, by);
}

/**
 * Takes redeliveries that are not sent yet out of the relay's queue: call it last in the transaction that discards their
 * deliveries. What the relay has in hand is left to it: waiting for its lock would turn the order of locks round.
 */
export async function dropQueuedRedeliveries(db: Queryable, keys: readonly DeliveryKey[]): Promise<number> {
  const { rowCount } = await db.query({
    name: "drop-queued-redeliveries",
    text: `DELETE FROM resend WHERE id IN (
             SELECT r.id FROM unnest($1::uuid[], $2::int[]) AS a(message_id, subscription_id)
             JOIN resend r ON r.message_id = a.message_id AND r.subscription_id = a.subscription_id AND r.kind = 'redelivery'
             FOR UPDATE OF r SKIP LOCKED)`,
    values: columnsOf(keys),
  });
  return rowCount ?? 0;
}

async function operate(
  db: Queryable,
  name: string,
  text: string,
  keys: readonly DeliveryKey[],
  by: { operator: string; reason: string },
): Promise<OperatedDelivery[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<OperatedDelivery>({
    name,
    text,
    values: [...columnsOf(keys), by.operator, by.reason],
  });
  return rows.map(({ messageId, subscriptionId, from, to, attempt }) => ({
    messageId,
    subscriptionId,
    from,
    to,
    attempt,
  }));
}

function columnsOf(keys: readonly DeliveryKey[]): string[] {
  return [plainArray(keys.map((key) => key.messageId)), plainArray(keys.map((key) => key.subscriptionId))];
}
