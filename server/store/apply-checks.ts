import type { Queryable } from "../db.ts";
import type { CheckError, CheckOutcome } from "../domain/decide-check.ts";
import type { CheckClaim } from "./claim-checks.ts";
import { countFlow, enteredAt } from "./message-flow.ts";
import { plainArray, textArray } from "./sql-array.ts";

/** A check that was sent, and what came back. */
export interface CheckAnswer {
  claim: Pick<CheckClaim, "id" | "lease" | "checks">;
  url: string;
  outcome: CheckOutcome;
  /** With `failed` only. */
  error: CheckError | null;
  /** One sentence for an operator. */
  detail: string | null;
  status: number | null;
  /** The beginning of the response's body, at most 4 KiB; null: there was none. */
  body: string | null;
  bodyCut: boolean;
  durationMs: number;
  /** How long ago it was sent, ms. */
  ageMs: number;
}

/** An answer that decides nothing, and after how long the message is asked again, ms. */
export type Undecisive = CheckAnswer & { delayMs: number };
/** The last answer of a message that was asked as often as its app's policy allows, and what its row says then. */
export type LastAnswer = CheckAnswer & { reason: string };

/**
 * Answers arrive in batches. Each statement below is one transition, guarded by state and lease, and keeps every check-back
 * in the same breath: a check is counted, kept and acted on, or none of these. One that comes too late (the message was
 * decided, or the lease ran out and the message is somebody else's) is kept as such and changes nothing.
 */
const ANSWER = `
  answer AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::smallint[], $4::int[], $5::int[], $6::smallint[], $7::boolean[],
                         $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::int[], $14::text[])
      AS a(id, lease, attempt, age_ms, duration_ms, status, body_cut, outcome, url, body, error, detail, delay_ms, reason)
  )`;
const HELD = "s.id = a.id AND s.state = 'PREPARED' AND s.check_at = a.lease";
const LEFT = "'PREPARED'::message_state_kind AS left_state, s.stored_at AS left_at";

/** `IN` over a subquery is a hash table here; a join under pinned plans would compare each with each. */
const keep = (effect: string) => `
  kept AS (
    INSERT INTO check_back (message_id, at, duration_ms, attempt, status, body_cut, outcome, effect, url, body, error, detail)
    SELECT a.id, clock_timestamp() - a.age_ms * interval '1 ms', a.duration_ms, a.attempt, a.status, a.body_cut, a.outcome,
           CASE WHEN a.id IN (SELECT id FROM moved) THEN '${effect}' ELSE 'too_late' END, a.url, a.body, a.error, a.detail
    FROM answer a
  )`;

const CONFIRM = `
  WITH ${ANSWER}, moved AS (
    UPDATE message_state s
    SET state = CASE WHEN s.deliver_at > now() THEN 'SCHEDULED' ELSE 'READY' END::message_state_kind,
        ready_seq = CASE WHEN s.deliver_at > now() THEN NULL ELSE nextval('message_ready_seq') END,
        decided_at = now(), decided_by = 'check_back', check_at = NULL, checks = a.attempt
    FROM answer a WHERE ${HELD}
    RETURNING s.id, s.state, s.lane, s.app_id, s.topic_id, ${enteredAt("s")} AS entered_at, ${LEFT}
  ), ${countFlow({ from: "moved", left: true })}, ${keep("confirmed")}, wake AS (
    SELECT pg_notify('surelay_ready', string_agg(DISTINCT lane::text, ','))
    FROM moved WHERE state = 'READY' HAVING count(*) > 0
  )
  SELECT moved.id FROM moved LEFT JOIN wake ON true`;

const CANCEL = `
  WITH ${ANSWER}, moved AS (
    UPDATE message_state s
    SET state = 'CANCELLED', decided_at = now(), decided_by = 'check_back', check_at = NULL, checks = a.attempt
    FROM answer a WHERE ${HELD}
    RETURNING s.id, s.state, s.app_id, s.topic_id, s.decided_at AS entered_at, ${LEFT}
  ), ${countFlow({ from: "moved", left: true })}, ${keep("cancelled")}
  SELECT id FROM moved`;

const GIVE_UP = `
  WITH ${ANSWER}, moved AS (
    UPDATE message_state s
    SET state = 'UNDECIDED', moved_at = now(), check_at = NULL, checks = a.attempt, reason = a.reason
    FROM answer a WHERE ${HELD}
    RETURNING s.id, s.state, s.app_id, s.topic_id, ${enteredAt("s")} AS entered_at, ${LEFT}
  ), ${countFlow({ from: "moved", left: true })}, ${keep("gave_up")}
  SELECT id FROM moved`;

const ASK_LATER = `
  WITH ${ANSWER}, moved AS (
    UPDATE message_state s SET check_at = now() + a.delay_ms * interval '1 ms', checks = a.attempt
    FROM answer a WHERE ${HELD}
    RETURNING s.id
  ), ${keep("asks_again")}
  SELECT id FROM moved`;

/**
 * PREPARED → READY (SCHEDULED when deliverAt is in the future) for messages whose producer says `committed`, and wakes the
 * relay.
 *
 * @returns ids of those that moved, here and below; the others came too late: `readStates` says what stands instead
 */
export function confirmChecked(db: Queryable, answers: readonly CheckAnswer[]): Promise<Set<string>> {
  return apply(db, "confirm-checked", CONFIRM, answers);
}

/** PREPARED → CANCELLED for messages whose producer says `rolled_back`. */
export function cancelChecked(db: Queryable, answers: readonly CheckAnswer[]): Promise<Set<string>> {
  return apply(db, "cancel-checked", CANCEL, answers);
}

/** PREPARED → UNDECIDED for messages that were asked about as often as their app's policy allows. */
export function giveUpChecked(db: Queryable, answers: readonly LastAnswer[]): Promise<Set<string>> {
  return apply(db, "give-up-checked", GIVE_UP, answers);
}

/** Counts the check and sets the time of the next; the message stays PREPARED. */
export function askLater(db: Queryable, answers: readonly Undecisive[]): Promise<Set<string>> {
  return apply(db, "ask-later", ASK_LATER, answers);
}

async function apply(
  db: Queryable,
  name: string,
  text: string,
  answers: readonly (CheckAnswer & { delayMs?: number; reason?: string })[],
): Promise<Set<string>> {
  const values = [
    plainArray(answers.map((a) => a.claim.id)),
    plainArray(answers.map((a) => a.claim.lease.toISOString())),
    plainArray(answers.map((a) => a.claim.checks + 1)),
    plainArray(answers.map((a) => Math.round(a.ageMs))),
    plainArray(answers.map((a) => Math.round(a.durationMs))),
    plainArray(answers.map((a) => a.status)),
    plainArray(answers.map((a) => (a.bodyCut ? "t" : "f"))),
    plainArray(answers.map((a) => a.outcome)),
    textArray(answers.map((a) => a.url)),
    textArray(answers.map((a) => a.body)),
    plainArray(answers.map((a) => a.error)),
    textArray(answers.map((a) => a.detail)),
    plainArray(answers.map((a) => a.delayMs ?? null)),
    textArray(answers.map((a) => a.reason ?? null)),
  ];
  const { rows } = await db.query<[string]>({ name, text, values, rowMode: "array" });
  return new Set(rows.map((row) => row[0]));
}
