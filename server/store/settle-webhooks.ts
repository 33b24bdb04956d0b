import type { Queryable } from "../db.ts";
import type { ErrorFingerprint } from "../domain/fingerprint-error.ts";
import type { WebhookClaim } from "./claim-webhooks.ts";
import { countFailures } from "./count-failures.ts";
import { countDeliveries } from "./delivery-flow.ts";
import { DUE_NOW } from "./due-now.ts";
import { queueDeadLetters } from "./queue-dead-letters.ts";
import { settleMessages } from "./settle-messages.ts";
import { plainArray, textArray } from "./sql-array.ts";

/** Which call of which delivery. */
export type CalledWebhook = Pick<WebhookClaim, "messageId" | "subscriptionId" | "attempt" | "lease">;

/** A call that failed, and what follows. */
export interface FailedWebhook {
  claim: CalledWebhook;
  /** `failed`: the next call after `delayMs`. `dead`: no further one. `rejected`: the receiver does not want it. */
  kind: "failed" | "dead" | "rejected";
  delayMs: number;
  /** Why it is DEAD; null with `failed`. */
  reason: string | null;
  error: Pick<ErrorFingerprint, "fingerprint" | "type" | "pattern" | "sample">;
  status: number | null;
  durationMs: number;
  /** The beginning of the response's body, at most 4 KiB. */
  body: string | null;
  /** How long ago the call was made, ms. */
  ageMs: number;
}

/** Of a delivery: `<message id> <subscription id>`. */
export const deliveryKey = (of: { messageId: string; subscriptionId: number }): string =>
  `${of.messageId} ${of.subscriptionId}`;

/**
 * Each statement is one transition of many deliveries. A message is locked before its deliveries, both in the order of their
 * ids, as everybody does who moves deliveries; counters come last. It is the order of the arrays. Rejected: ORDER BY. The
 * planner would rather walk over all messages in their order than sort: 2,950 µs of the database per delivery, instead of
 * 102, with tens of thousands stored.
 */
const MESSAGES = "JOIN message_state s ON s.id = a.message_id";
const DELIVERIES = "JOIN delivery d ON d.message_id = a.message_id AND d.subscription_id = a.subscription_id";
const LEFT = "d.state AS left_state, d.moved_at AS left_at";
const LOCKED = "FOR UPDATE OF s, d";

/**
 * A receiver that says 2xx has the message: that holds after the lease has ended, beside another call of the same delivery,
 * and for one that was given up meanwhile. Only what is ACKED or DISCARDED stays what it is.
 */
const ACK = `
  WITH answer AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::smallint[]) AS a(message_id, subscription_id, attempt)
  ), was AS MATERIALIZED (
    SELECT a.message_id, a.subscription_id, a.attempt, ${LEFT}, s.state AS message_was
    FROM answer a ${MESSAGES} ${DELIVERIES}
    WHERE d.state IN ('PENDING', 'WAITING', 'DEAD') ${LOCKED}
  ), moved AS (
    UPDATE delivery d
    SET state = 'ACKED', attempt = greatest(d.attempt, w.attempt), moved_at = now(), due_at = NULL, reason = NULL
    FROM was w WHERE d.message_id = w.message_id AND d.subscription_id = w.subscription_id
    RETURNING d.message_id, d.subscription_id, d.state, d.moved_at AS entered_at, w.left_state, w.left_at, w.message_was,
              w.attempt
  ), late AS (
    INSERT INTO delivery_attempt (message_id, subscription_id, attempt, kind, by)
    SELECT message_id, subscription_id, attempt, 'acked_late', 'notify' FROM moved WHERE left_state = 'DEAD'
  ), ${settleMessages({ from: "moved", locked: null })}, ${countDeliveries({ from: "moved", left: true })}
  SELECT message_id, subscription_id FROM moved`;

const FAIL = `
  WITH answer AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::smallint[], $5::text[], $6::int[], $7::text[],
                         $8::text[], $9::text[], $10::text[], $11::text[], $12::smallint[], $13::int[], $14::text[], $15::int[])
      AS a(message_id, subscription_id, lease, attempt, kind, delay_ms, reason,
           fingerprint, error_type, pattern, sample, status, duration_ms, body, age_ms)
  ), failing AS MATERIALIZED (
    SELECT a.*, ${LEFT} FROM answer a ${MESSAGES} ${DELIVERIES}
    WHERE d.state IN ('PENDING', 'WAITING') AND d.due_at = a.lease ${LOCKED}
  ), ${countFailures("failing")}, moved AS (
    UPDATE delivery d
    SET state = CASE WHEN f.kind = 'failed' THEN 'WAITING' ELSE 'DEAD' END::delivery_state, attempt = f.attempt,
        moved_at = now(), due_at = CASE WHEN f.kind = 'failed' THEN ${DUE_NOW} + f.delay_ms * interval '1 ms' END,
        reason = f.reason, failure_group_id = (
          SELECT g.id FROM failed_group g
          WHERE g.subscription_id = f.subscription_id AND g.fingerprint = f.fingerprint)
    FROM failing f WHERE d.message_id = f.message_id AND d.subscription_id = f.subscription_id
    RETURNING d.message_id, d.subscription_id, d.state, d.moved_at AS entered_at, f.left_state, f.left_at, f.attempt,
              f.kind, d.due_at AS retry_at, d.failure_group_id, d.reason, f.error_type, f.sample AS error_message,
              f.status, f.duration_ms, f.body, f.age_ms
  ), kept AS (
    INSERT INTO delivery_attempt (message_id, subscription_id, at, attempt, kind, by, error_type, error_message,
      failure_group_id, status, duration_ms, body, retry_at, reason)
    SELECT message_id, subscription_id, clock_timestamp() - age_ms * interval '1 ms', attempt,
           CASE kind WHEN 'rejected' THEN 'rejected' ELSE 'failed' END, 'notify', error_type, error_message,
           failure_group_id, status, duration_ms, body, retry_at, CASE kind WHEN 'rejected' THEN reason END
    FROM moved
    UNION ALL
    SELECT message_id, subscription_id, clock_timestamp(), attempt, 'dead', 'notify', NULL, NULL, failure_group_id, NULL,
           NULL, NULL, NULL, reason
    FROM moved WHERE kind = 'dead'
  ), died AS (
    SELECT message_id, subscription_id, attempt, reason, error_type, error_message FROM moved WHERE state = 'DEAD'
  ), ${queueDeadLetters({ from: "died" })}, ${countDeliveries({ from: "moved", left: true })}
  SELECT message_id, subscription_id, (SELECT count(*) FROM dead_letter_wake) FROM moved`;

/**
 * PENDING, WAITING or DEAD → ACKED for deliveries that their receivers have taken; SENT → CONSUMED for messages whose last
 * open delivery that was.
 *
 * @returns keys (`deliveryKey`) of those that moved, here and below
 */
export async function ackWebhooks(db: Queryable, acked: readonly CalledWebhook[]): Promise<Set<string>> {
  const called = acked.toSorted(inOrder);
  const { rows } = await db.query<[string, number]>({
    name: "ack-webhooks",
    text: ACK,
    values: [
      plainArray(called.map((c) => c.messageId)),
      plainArray(called.map((c) => c.subscriptionId)),
      plainArray(called.map((c) => c.attempt)),
    ],
    rowMode: "array",
  });
  return keysOf(rows);
}

/**
 * PENDING or WAITING → WAITING with a next time, or → DEAD, for calls that failed while their lease held; counted, kept and
 * acted on by one statement. A call whose lease is over changes nothing: somebody else has called since, or an operator has.
 */
export async function failWebhooks(db: Queryable, failures: readonly FailedWebhook[]): Promise<Set<string>> {
  const failed = failures.toSorted((a, b) => inOrder(a.claim, b.claim));
  const { rows } = await db.query<[string, number]>({
    name: "fail-webhooks",
    text: FAIL,
    values: [
      plainArray(failed.map((f) => f.claim.messageId)),
      plainArray(failed.map((f) => f.claim.subscriptionId)),
      plainArray(failed.map((f) => f.claim.lease.toISOString())),
      plainArray(failed.map((f) => f.claim.attempt)),
      plainArray(failed.map((f) => f.kind)),
      plainArray(failed.map((f) => Math.round(f.delayMs))),
      textArray(failed.map((f) => f.reason)),
      plainArray(failed.map((f) => f.error.fingerprint)),
      textArray(failed.map((f) => f.error.type)),
      textArray(failed.map((f) => f.error.pattern)),
      textArray(failed.map((f) => f.error.sample)),
      plainArray(failed.map((f) => f.status)),
      plainArray(failed.map((f) => Math.round(f.durationMs))),
      textArray(failed.map((f) => f.body)),
      plainArray(failed.map((f) => Math.round(f.ageMs))),
    ],
    rowMode: "array",
  });
  return keysOf(rows);
}

function inOrder(a: CalledWebhook, b: CalledWebhook): number {
  if (a.messageId !== b.messageId) return a.messageId < b.messageId ? -1 : 1;
  return a.subscriptionId - b.subscriptionId;
}

function keysOf(rows: readonly [string, number][]): Set<string> {
  return new Set(rows.map(([messageId, subscriptionId]) => deliveryKey({ messageId, subscriptionId })));
}
