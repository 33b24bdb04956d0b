import type { Queryable } from "../db.ts";
import type { MessageState } from "../domain/message-state.ts";
import { newMessageId } from "../domain/message-id.ts";

export type ResendQueued =
  /** `attempt`: what the record's `surelay-attempt` will say; `state`: SENT or CONSUMED, as it stays. */
  | { outcome: "queued"; resendId: string; attempt: number; state: MessageState }
  | { outcome: "not_found" }
  /** Only what the broker has had can be sent again. A REJECTED message becomes READY instead. */
  | { outcome: "wrong_state"; state: MessageState }
  /** One is waiting to be sent, or another operator was faster by a moment. */
  | { outcome: "already_queued" };

/**
 * The number is given out and the row made, or neither. Of two operators at once the second waits for the first one's
 * row lock, finds another number than it had read, and gets nothing.
 */
const QUEUE_RESEND = `
  WITH seen AS (
    SELECT id, state, attempt FROM message_state WHERE id = $1
  ), given AS (
    UPDATE message_state s SET attempt = s.attempt + 1
    FROM seen
    WHERE s.id = seen.id AND s.attempt = seen.attempt AND s.state IN ('SENT', 'CONSUMED')
      AND NOT EXISTS (SELECT FROM resend WHERE message_id = $1 AND kind = 'operator')
    RETURNING s.id, s.lane, s.app_id, s.topic_id, s.attempt
  ), queued AS (
    INSERT INTO resend (id, seq, message_id, app_id, topic_id, lane, attempt, kind, asked_by, reason)
    SELECT $2, nextval('message_ready_seq'), id, app_id, topic_id, lane, attempt, 'operator', $3, $4 FROM given
    RETURNING id, lane, attempt
  ), wake AS (
    SELECT pg_notify('surelay_ready', 'resend:' || lane) FROM queued
  )
  SELECT seen.state, queued.attempt FROM seen LEFT JOIN queued ON true LEFT JOIN wake ON true`;

/**
 * Queues a SENT or CONSUMED message to be put into the broker once more, and wakes the relay. Its state stays as it is;
 * the relay notes `resend_sent` or `resend_refused` with the message when it is done. Call it in the transaction of the
 * event and the audit entry.
 *
 * @param resend `askedBy`: the operator's user name
 */
export async function queueResend(
  db: Queryable,
  resend: { messageId: string; askedBy: string; reason: string | null },
): Promise<ResendQueued> {
  const resendId = newMessageId();
  const { rows } = await db.query<{ state: MessageState; attempt: number | null }>({
    name: "queue-resend",
    text: QUEUE_RESEND,
    values: [resend.messageId, resendId, resend.askedBy, resend.reason],
  });
  const row = rows[0];
  if (!row) return { outcome: "not_found" };
  if (row.attempt !== null) return { outcome: "queued", resendId, attempt: row.attempt, state: row.state };
  if (row.state !== "SENT" && row.state !== "CONSUMED") return { outcome: "wrong_state", state: row.state };
  return { outcome: "already_queued" };
}

/** A resend that was asked for and is not in the broker yet. */
export interface OpenResend {
  id: string;
  attempt: number;
  askedBy: string;
  askedAt: Date;
  reason: string | null;
  /** Parked since, because its topic cannot be written or is paused; null: on its way. */
  heldAt: Date | null;
}

/** The message's resend by an operator that is still to be sent, if there is one. */
export async function findOpenResend(db: Queryable, messageId: string): Promise<OpenResend | null> {
  const { rows } = await db.query<OpenResend>({
    name: "find-open-resend",
    text: `SELECT id, attempt, asked_by AS "askedBy", asked_at AS "askedAt", reason, held_at AS "heldAt"
           FROM resend WHERE message_id = $1 AND kind = 'operator'`,
    values: [messageId],
  });
  return rows[0] ?? null;
}
