/**
 * The counters behind every dashboard: how many messages came into each state per minute, and how many of these have left
 * it since. A cohort is (minute, state, app, topic); Σ(entered − departed) is a state's backlog, exact; the oldest minute
 * that has not drained tells the age of its oldest message. Written by the statement that moves the messages, so a count
 * is never wrong after a crash, and a reader's snapshot always sees messages and counters agree.
 *
 * The moment a message came into a waiting state can be read from its row for as long as it stands there, which is what
 * lets it leave the very cohort that it entered:
 *
 *   state                       | came in at                            | set by
 *   PREPARED                    | stored_at                             | prepare (asked again after UNDECIDED: the same)
 *   READY, SCHEDULED            | greatest(decided_at, moved_at)        | send, confirm: decided_at; come_due, resend: moved_at
 *   UNDECIDED, REJECTED         | moved_at                              | give_up, reject
 *   SENT, CANCELLED, CONSUMED   | not waited in: entered is counted, departed never
 *
 * All of the waiting ones are `greatest(stored_at, decided_at, moved_at)`. Each transition that is not told by stored_at or
 * decided_at sets moved_at = now(); confirm and cancel leave it as it is: NULL means that they came from PREPARED, anything
 * else from UNDECIDED (CHECK prepared_not_moved, undecided_has_time). A transition that overwrites what tells the old
 * moment (reject, resend) locks its rows first and takes it from there.
 *
 * Locks: message rows first, counters last and in the order of their key, so that no two writers wait for each other in a
 * circle. A slot per connection keeps concurrent flushes from waiting for each other's commit.
 */

/** A cohort's minute. `date_bin` is immutable and integer arithmetic; `date_trunc` looks up the time zone per row. */
export const minuteOf = (moment: string): string => `date_bin('1 minute', ${moment}, timestamptz 'epoch')`;

/** When the message of a row came into its state, if it is one that is waited in. @param row alias of message_state */
export const enteredAt = (row: string): string =>
  `greatest(${row}.stored_at, ${row}.decided_at, ${row}.moved_at)`;

/** For confirm and cancel: what the rows they moved have left, told by columns that they do not touch. */
export const leftUndecided = (row: string): string =>
  `CASE WHEN ${row}.moved_at IS NULL THEN 'PREPARED' ELSE 'UNDECIDED' END::message_state_kind AS left_state,
   greatest(${row}.stored_at, ${row}.moved_at) AS left_at`;

/** Connections are spread over as many counters of one cohort. */
const SLOTS = 32;

export interface FlowOptions {
  /** Name of the data-modifying CTE: one row per moved message, with the columns app_id, topic_id, state, entered_at. */
  from: string;
  /**
   * The CTE also has left_state and left_at: where the messages came from. False: they were stored just now. `uncounted`:
   * they came from a state that is not waited in.
   */
  left: boolean | "uncounted";
  /** The CTE has a column `consumed`, too: whether the message went on to CONSUMED in the same moment. */
  consumed?: boolean;
}

/**
 * A CTE `flow` that counts what another CTE of the same statement has moved. It runs whether or not it is referred to.
 * Grouped twice: the first pass leaves a handful of rows of a whole batch, the second splits them into coming and going.
 * Rejected: a trigger, which runs per row.
 */
export function countFlow({ from, left, consumed = false }: FlowOptions): string {
  const departing = left === true;
  const leaving = departing ? `, left_state, ${minuteOf("left_at")} AS left_minute` : "";
  const steps = [
    `(g.minute, g.state, g.n, ${left === false ? "g.n" : "0"}, 0)`,
    ...(departing ? ["(g.left_minute, g.left_state, 0, 0, g.n)"] : []),
    ...(consumed ? ["(g.minute, 'CONSUMED'::message_state_kind, g.consumed, 0, 0)"] : []),
  ].join(", ");
  return `flow AS (
    INSERT INTO message_flow AS f (minute, state, app_id, topic_id, slot, entered, stored, departed)
    SELECT step.minute, step.state, g.app_id, g.topic_id, pg_backend_pid() % ${SLOTS},
           sum(step.entered), sum(step.stored), sum(step.departed)
    FROM (
      SELECT app_id, topic_id, state, ${minuteOf("entered_at")} AS minute${leaving},
             count(*) AS n${consumed ? ", count(*) FILTER (WHERE consumed) AS consumed" : ""}
      FROM ${from} GROUP BY ${departing ? "1, 2, 3, 4, 5, 6" : "1, 2, 3, 4"}
    ) g CROSS JOIN LATERAL (VALUES ${steps}) AS step(minute, state, entered, stored, departed)
    ${consumed ? "WHERE step.entered > 0 OR step.departed > 0" : ""}
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (minute, state, app_id, topic_id, slot) DO UPDATE
    SET entered = f.entered + excluded.entered, stored = f.stored + excluded.stored,
        departed = f.departed + excluded.departed
  )`;
}
