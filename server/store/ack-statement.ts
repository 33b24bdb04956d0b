import { countFailures } from "./count-failures.ts";
import { countDeliveries } from "./delivery-flow.ts";
import { queueDeadLetters } from "./queue-dead-letters.ts";
import { nextDelay } from "./redelivery-delay.ts";
import { settleMessages } from "./settle-messages.ts";
import { usedUpReason } from "./time-out-deliveries.ts";

/**
 * The statement behind acknowledgements, of any mixture of outcomes. In its order:
 *
 *   found      the items, each with its message's row and its delivery's, locked: what is read of them holds until the end
 *   judged     what becomes of each: the table of server/domain/delivery-state.ts
 *   written    the deliveries that move
 *   settled …  messages whose last open delivery that was, and the counters (last, in the order of their keys)
 *
 * Rows are locked message by message, in the order of the items' ids: two flushes, or a flush and the relay's mark, never
 * wait for each other in a circle. A row that a lock was waited for is seen as it was left by whoever held it; a delivery
 * that was *inserted* meanwhile is not seen, so its item comes back without an answer (`known`) or as raced (`made`), and
 * the caller asks once more. Rejected: one statement that inserts and, on conflict, updates. It cannot tell (before
 * PostgreSQL 18) what the row had been, which the counters need; and an insert that finds its row costs twice an update.
 *
 * @param which `known`: deliveries that exist; `made`: those that these very words make
 * @param failing also `retry` and `rejected`; without, it is a third shorter and knows `acked` alone
 */
export function ackStatement(which: "known" | "made", failing: boolean): string {
  const known = which === "known";
  return `
  WITH found AS MATERIALIZED (
    ${known ? foundKnown(failing) : foundMade(failing)}
  ), judged AS MATERIALIZED (
    ${failing ? judgedAny() : judgedAcked()}
  ), ${failing ? `failing AS (SELECT * FROM judged WHERE moves AND outcome <> 'acked'), ${countFailures("failing")}, ` : ""}${
    known ? writtenKnown(failing) : writtenMade(failing)
  }, ${settleMessages({ from: "written", locked: null })}, ${countDeliveries({ from: "written", left: true })}, noted AS (
    ${failing ? notedAny() : notedLate()}
  )${failing ? `, dead AS (SELECT * FROM written WHERE state = 'DEAD'), ${queueDeadLetters({ from: "dead" })}` : ""}
  ${answer(known, failing)}`;
}

const SETTLED = "('ACKED', 'DISCARDED')";
const REJECTED = "rejected by the consumer";

const input = (failing: boolean): string =>
  failing
    ? `unnest($1::uuid[], $2::text[], $3::int[], $4::smallint[], $5::text[], $6::double precision[], $7::text[], $8::text[],
           $9::text[], $10::text[], $11::text[], $12::text[]) WITH ORDINALITY AS i(message_id, subscription, app_id, attempt,
           outcome, retry_after, fingerprint, error_type, pattern, sample, error_message, error_stack, n)`
    : `unnest($1::uuid[], $2::text[], $3::int[], $4::smallint[]) WITH ORDINALITY AS i(message_id, subscription, app_id, attempt, n)`;

/** What an item brings along. */
const carried = (failing: boolean): string =>
  failing
    ? `, i.outcome, i.fingerprint, i.error_type, i.pattern, i.sample, i.error_message, i.error_stack, i.attempt AS asked_attempt,
       x.max_attempts`
    : "";

const notAllowed = `x.app_id IS NOT NULL AND i.app_id IS NOT NULL AND x.app_id <> i.app_id`;
const subscriptionOf = `subscription x ON x.topic_id = s.topic_id AND x.name = i.subscription AND x.removed_at IS NULL`;

function foundKnown(failing: boolean): string {
  // An answer to a redelivery whose record is in the broker and not marked yet: due_at is null while it is queued.
  const attempt = `CASE WHEN d.state = 'WAITING' AND d.due_at IS NULL AND i.attempt > d.attempt THEN d.attempt + 1 ELSE d.attempt END`;
  return `SELECT i.n, s.id AS message_id, x.id AS subscription_id, s.state AS message_was, d.state AS left_state,
           d.moved_at AS left_at, d.attempt AS left_attempt, (${attempt})::smallint AS attempt, d.drive_from,
           CASE WHEN ${notAllowed} THEN 'forbidden' WHEN x.ack <> 'explicit' THEN 'wrong_ack_mode' END AS refused${carried(failing)}${
             failing
               ? `, ${nextDelay({ subscription: "x", made: `((${attempt}) - d.drive_from)`, retryAfterSeconds: "i.retry_after" })} AS delay`
               : ""
           }
    FROM ${input(failing)}
    JOIN message_state s ON s.id = i.message_id
    JOIN ${subscriptionOf}
    JOIN delivery d ON d.message_id = s.id AND d.subscription_id = x.id
    FOR UPDATE OF s, d`;
}

function foundMade(failing: boolean): string {
  return `SELECT i.n, s.id AS message_id, x.id AS subscription_id, s.state AS message_was, NULL::delivery_state AS left_state,
           NULL::timestamptz AS left_at, 1::smallint AS left_attempt, 1::smallint AS attempt, 0::smallint AS drive_from,
           CASE WHEN x.id IS NULL THEN 'unknown_subscription' WHEN ${notAllowed} THEN 'forbidden'
                WHEN x.ack <> 'explicit' THEN 'wrong_ack_mode'
                WHEN s.state NOT IN ('READY', 'SENT', 'CONSUMED') THEN 'not_delivered' END AS refused${carried(failing)}${
                  failing
                    ? `, ${nextDelay({ subscription: "x", made: "1", retryAfterSeconds: "i.retry_after" })} AS delay`
                    : ""
                }
    FROM ${input(failing)}
    JOIN message_state s ON s.id = i.message_id
    LEFT JOIN ${subscriptionOf}
    FOR UPDATE OF s`;
}

function judgedAcked(): string {
  return `SELECT *, refused IS NULL AND (left_state IS NULL OR left_state NOT IN ${SETTLED}) AS moves FROM found`;
}

/**
 * `retry` of what is WAITING: of the attempt that has failed already nothing new is said; of its redelivery, which is in the
 * broker and not marked yet, it is a further failure.
 */
function judgedAny(): string {
  return `SELECT *,
           CASE WHEN NOT moves THEN left_state
                WHEN outcome = 'acked' THEN 'ACKED'
                WHEN outcome = 'rejected' OR attempt - drive_from >= max_attempts THEN 'DEAD'
                ELSE 'WAITING' END::delivery_state AS state
    FROM (
      SELECT *,
             refused IS NULL AND CASE
               WHEN outcome = 'acked' THEN left_state IS NULL OR left_state NOT IN ${SETTLED}
               WHEN stale THEN false
               WHEN left_state IS NULL OR left_state = 'PENDING' THEN true
               WHEN left_state = 'WAITING' THEN outcome = 'rejected' OR attempt > left_attempt
               ELSE false END AS moves
      FROM (
        SELECT *, left_state IS NOT NULL AND outcome <> 'acked' AND coalesce(asked_attempt < left_attempt, false) AS stale
        FROM found
      ) f
    ) f`;
}

/** What `written` says beside the delivery itself. */
const writtenColumns = (failing: boolean): string =>
  failing ? ", j.outcome, j.error_type, j.error_message, j.error_stack" : "";

const groupOf = `(SELECT g.id FROM failed_group g WHERE g.subscription_id = j.subscription_id AND g.fingerprint = j.fingerprint)`;
const dueAt = `CASE WHEN j.state = 'WAITING' THEN now() + j.delay END`;
const reasonOf = `CASE WHEN j.state <> 'DEAD' THEN NULL WHEN j.outcome = 'rejected' THEN '${REJECTED}' ELSE ${usedUpReason("(j.attempt - j.drive_from)", "j.max_attempts")} END`;

function writtenKnown(failing: boolean): string {
  const set = failing
    ? `state = j.state, due_at = ${dueAt}, reason = ${reasonOf},
        failure_group_id = CASE WHEN j.outcome = 'acked' THEN d.failure_group_id ELSE ${groupOf} END`
    : `state = 'ACKED', due_at = NULL, reason = NULL`;
  return `written AS (
    UPDATE delivery d SET moved_at = now(), attempt = j.attempt, ${set}
    FROM judged j
    WHERE j.moves AND d.message_id = j.message_id AND d.subscription_id = j.subscription_id
    RETURNING j.n, d.message_id, d.subscription_id, d.state, d.attempt, d.moved_at AS entered_at, d.due_at, d.reason,
              d.failure_group_id, j.left_state, j.left_at, j.message_was${writtenColumns(failing)}
  )`;
}

function writtenMade(failing: boolean): string {
  const values = failing
    ? `j.state, ${dueAt}, ${reasonOf}, CASE WHEN j.outcome <> 'acked' THEN ${groupOf} END`
    : `'ACKED'::delivery_state, NULL, NULL, NULL`;
  return `made AS (
    INSERT INTO delivery (message_id, subscription_id, attempt, state, due_at, reason, failure_group_id)
    SELECT j.message_id, j.subscription_id, j.attempt, ${values} FROM judged j WHERE j.moves
    ON CONFLICT DO NOTHING
    RETURNING message_id, subscription_id, state, attempt, moved_at, due_at, reason, failure_group_id
  ), written AS (
    SELECT j.n, d.message_id, d.subscription_id, d.state, d.attempt, d.moved_at AS entered_at, d.due_at, d.reason,
           d.failure_group_id, j.left_state, j.left_at, j.message_was${writtenColumns(failing)}
    FROM made d JOIN judged j USING (message_id, subscription_id)
  )`;
}

/** Acknowledged after it had been given up: nothing else of an acknowledgement is out of the ordinary. */
function notedLate(): string {
  return `INSERT INTO delivery_attempt (message_id, subscription_id, attempt, kind, by)
    SELECT message_id, subscription_id, attempt, 'acked_late', 'consumer' FROM written WHERE left_state = 'DEAD'`;
}

function notedAny(): string {
  return `INSERT INTO delivery_attempt (message_id, subscription_id, attempt, kind, by, error_type, error_message, error_stack,
             failure_group_id, retry_at, reason)
    SELECT w.message_id, w.subscription_id, w.attempt, step.kind, 'consumer', step.error_type, step.error_message,
           step.error_stack, step.group_id, step.retry_at, step.reason
    FROM written w CROSS JOIN LATERAL (VALUES
      (1, CASE WHEN w.outcome = 'acked' THEN 'acked_late' ELSE w.outcome END,
       CASE WHEN w.outcome <> 'acked' THEN w.error_type END, CASE WHEN w.outcome <> 'acked' THEN w.error_message END,
       CASE WHEN w.outcome <> 'acked' THEN w.error_stack END, CASE WHEN w.outcome <> 'acked' THEN w.failure_group_id END,
       w.due_at, NULL::text, w.outcome <> 'acked' OR w.left_state = 'DEAD'),
      (2, 'dead', NULL, NULL, NULL, w.failure_group_id, NULL, w.reason, w.state = 'DEAD' AND w.outcome = 'retry')
    ) AS step(place, kind, error_type, error_message, error_stack, group_id, retry_at, reason, happened)
    WHERE step.happened ORDER BY w.n, step.place`;
}

function answer(known: boolean, failing: boolean): string {
  const stale = failing ? "j.stale" : "false";
  const wake = failing ? ", (SELECT count(*) FROM dead_letter_wake)" : "";
  if (!known)
    return `SELECT j.n, j.refused, w.state, coalesce(w.attempt, 0), false${wake} FROM judged j LEFT JOIN written w ON w.n = j.n`;
  const state = failing ? "j.state" : "CASE WHEN j.moves THEN 'ACKED' ELSE j.left_state END";
  return `SELECT j.n, j.refused, ${state}, j.attempt, ${stale}${wake} FROM judged j`;
}
