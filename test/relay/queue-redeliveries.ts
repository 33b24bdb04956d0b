import type { Queryable } from "../../server/db.ts";
import { countDeliveries } from "../../server/store/delivery-flow.ts";
import { queueDeadLetters } from "../../server/store/queue-dead-letters.ts";
import type { SubscriptionRow } from "../../server/store/subscriptions.ts";

/** PENDING → WAITING, queued: what recover does in two steps, for tests of what the relay makes of it. */
export async function queueRedeliveries(
  db: Queryable,
  { id, retryTopicId }: SubscriptionRow,
  messageIds: readonly string[],
): Promise<void> {
  await db.query(
    `WITH asked AS (
       SELECT d.message_id, d.attempt, d.moved_at, s.app_id, s.lane, of.n
       FROM unnest($1::uuid[]) WITH ORDINALITY AS of(id, n)
       JOIN delivery d ON d.message_id = of.id AND d.subscription_id = $2 JOIN message_state s ON s.id = of.id
     ), moved AS (
       UPDATE delivery d SET state = 'WAITING', due_at = NULL, moved_at = now() FROM asked a
       WHERE d.message_id = a.message_id AND d.subscription_id = $2
       RETURNING d.subscription_id, d.state, d.moved_at AS entered_at, 'PENDING'::delivery_state AS left_state,
                 a.moved_at AS left_at
     ), queued AS (
       INSERT INTO resend (id, seq, message_id, app_id, topic_id, lane, attempt, kind, asked_by, subscription_id)
       SELECT gen_random_uuid(), nextval('message_ready_seq'), message_id, app_id, $3, lane, attempt + 1, 'redelivery',
              'recover', $2
       FROM (SELECT * FROM asked ORDER BY n) ordered
       RETURNING lane
     ), ${countDeliveries({ from: "moved", left: true })}
     SELECT pg_notify('surelay_ready', 'resend:' || lane) FROM queued`,
    [messageIds, id, retryTopicId],
  );
}

/** PENDING → DEAD with a dead letter. */
export async function giveUp(
  db: Queryable,
  { id }: SubscriptionRow,
  messageIds: readonly string[],
  why: { reason: string; errorType: string; errorMessage: string },
): Promise<void> {
  await db.query(
    `WITH asked AS (
       SELECT message_id, moved_at FROM delivery WHERE message_id = ANY($1::uuid[]) AND subscription_id = $2
     ), died AS (
       UPDATE delivery d SET state = 'DEAD', due_at = NULL, moved_at = now(), reason = $3 FROM asked a
       WHERE d.message_id = a.message_id AND d.subscription_id = $2
       RETURNING d.message_id, d.subscription_id, d.attempt, d.reason, $4::text AS error_type, $5::text AS error_message,
                 d.state, d.moved_at AS entered_at, 'PENDING'::delivery_state AS left_state, a.moved_at AS left_at
     ), ${queueDeadLetters({ from: "died" })}, ${countDeliveries({ from: "died", left: true })}
     SELECT count(*) FROM dead_letter_wake`,
    [messageIds, id, why.reason, why.errorType, why.errorMessage],
  );
}
