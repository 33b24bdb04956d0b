/**
 * CTEs that queue the dead letters of deliveries which have become DEAD, for subscriptions that have a dead-letter topic,
 * and wake the relay. For every statement that makes deliveries DEAD. While one waits to be sent, no second one of the same
 * delivery is queued; one that dies again after it was sent off anew gets another.
 *
 * `dead_letter_wake` has to be referred to by the statement's last SELECT (`LEFT JOIN dead_letter_wake ON true` or
 * `(SELECT count(*) FROM dead_letter_wake)`): what only selects runs no other way.
 *
 * @param from name of the CTE, one row per delivery that has become DEAD: message_id, subscription_id, attempt, reason,
 * error_type and error_message (text, both may be null)
 */
export function queueDeadLetters({ from }: { from: string }): string {
  return `dead_letters AS (
    INSERT INTO resend (id, seq, message_id, app_id, topic_id, lane, attempt, kind, asked_by, reason, subscription_id, headers)
    SELECT gen_random_uuid(), nextval('message_ready_seq'), d.message_id, s.app_id, x.dead_letter_topic_id, s.lane, d.attempt,
           'dead_letter', 'surelay', d.reason, x.id, json_strip_nulls(json_build_object(
             'surelay-error-type', d.error_type, 'surelay-error-message', left(d.error_message, 1000),
             'surelay-error-attempts', d.attempt::text, 'surelay-dead-reason', left(d.reason, 1000)))
    FROM ${from} d
    JOIN subscription x ON x.id = d.subscription_id AND x.dead_letter_topic_id IS NOT NULL
    JOIN message_state s ON s.id = d.message_id
    ON CONFLICT DO NOTHING
    RETURNING lane
  ), dead_letter_wake AS (
    SELECT pg_notify('surelay_ready', 'resend:' || lane) FROM (SELECT DISTINCT lane FROM dead_letters) lanes
  )`;
}
