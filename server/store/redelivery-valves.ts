import type { Queryable } from "../db.ts";
import type { Outcomes, ValveState } from "../domain/redelivery-valve.ts";
import { minuteOf } from "./message-flow.ts";

/**
 * What failed and what succeeded of a subscription since a moment's minute, from the counters. `failed` are failures of any
 * kind, late ones too; a redrive comes into WAITING and is none.
 */
const outcomesSince = (minute: string, subscription: string): string => `
  (SELECT coalesce(sum(f.failures), 0)::int FROM failure_group g JOIN failure_flow f ON f.group_id = g.id
   WHERE g.subscription_id = ${subscription} AND f.minute >= ${minute}) AS failed,
  (SELECT coalesce(sum(f.entered), 0)::int FROM delivery_flow f
   WHERE f.subscription_id = ${subscription} AND f.state = 'ACKED' AND f.minute >= ${minute}) AS succeeded`;

const PRESENT = minuteOf("now()");
/** The outcomes that a valve is judged by: of this minute and the last, and of none before it came into its state. */
const FIRST = `greatest(${PRESENT} - interval '1 minute', ${minuteOf("v.since")})`;

/** A valve with all that decides what it does, of one snapshot: `version` guards what is made of it. */
export interface ValveRow {
  subscriptionId: number;
  state: ValveState;
  version: bigint;
  since: Date;
  /** ms; negative: it is due. */
  probeInMs: number | null;
  trips: number;
  lastError: string | null;
  /** In the bucket now. */
  tokens: number;
  outcomes: Outcomes;
  /** Redeliveries queued for the broker, or with a consumer; counted up to the subscription's cap. */
  inFlight: number;
}

/** Tokens in the bucket at this moment: what it held, and what came in since; at most a second's. */
export const TOKENS = `CASE WHEN x.rate_per_second IS NULL THEN 0 ELSE least(greatest(1, x.rate_per_second),
  v.tokens + x.rate_per_second * greatest(0, extract(epoch FROM now() - v.tokens_at))::double precision) END`;

/** Makes the rows that are missing: with the first redelivery of a subscription. */
export async function makeValves(db: Queryable, subscriptionIds: readonly number[]): Promise<void> {
  await db.query({
    name: "make-valves",
    text: `INSERT INTO subscription_valve (subscription_id)
           SELECT x.id FROM unnest($1::int[]) AS asked(id) JOIN subscription x ON x.id = asked.id
           ORDER BY 1 ON CONFLICT DO NOTHING`,
    values: [subscriptionIds],
  });
}

export async function readValves(db: Queryable, subscriptionIds: readonly number[]): Promise<ValveRow[]> {
  const { rows } = await db.query<RawValve>({
    name: "read-valves",
    text: `SELECT v.subscription_id AS "subscriptionId", v.state, v.version, v.since, v.trips, v.last_error AS "lastError",
             (extract(epoch FROM v.probe_at - now()) * 1000)::float8 AS "probeInMs", (${TOKENS})::float8 AS tokens,
             greatest(0, o.failed - CASE WHEN v.seen_minute >= w.first THEN v.seen_failed ELSE 0 END) AS failed,
             greatest(0, o.succeeded - CASE WHEN v.seen_minute >= w.first THEN v.seen_succeeded ELSE 0 END) AS succeeded,
             (SELECT count(*)::int FROM (
                SELECT FROM resend r WHERE r.subscription_id = v.subscription_id AND r.kind = 'redelivery'
                LIMIT x.max_in_flight) queued)
             + (SELECT count(*)::int FROM (
                SELECT FROM delivery d
                WHERE d.subscription_id = v.subscription_id AND d.state = 'PENDING' AND d.attempt > 1
                LIMIT x.max_in_flight) out) AS "inFlight"
           FROM unnest($1::int[]) AS asked(id)
           JOIN subscription_valve v ON v.subscription_id = asked.id JOIN subscription x ON x.id = v.subscription_id
           CROSS JOIN LATERAL (SELECT ${FIRST} AS first) w
           CROSS JOIN LATERAL (SELECT ${outcomesSince("w.first", "v.subscription_id")}) o`,
    values: [subscriptionIds],
  });
  return rows.map(({ version, failed, succeeded, ...row }) => ({
    ...row,
    version: BigInt(version),
    outcomes: { failed, succeeded },
  }));
}

type RawValve = Omit<ValveRow, "version" | "outcomes"> & {
  version: string;
  failed: number;
  succeeded: number;
};

/** What has been counted of the present minute already: not an outcome of the state that begins now. */
const SEEN = `seen_minute = ${PRESENT}, seen_failed = o.failed, seen_succeeded = o.succeeded`;

/**
 * A move that gives nothing out: → throttled, or → open. Guarded by the version seen: of several replicas one makes it.
 *
 * @returns false: somebody was faster
 */
export async function moveValve(
  db: Queryable,
  seen: { subscriptionId: number; version: bigint },
  move: { to: "open" } | { to: "throttled"; trips: number; heldMs: number; lastError: string | null },
): Promise<boolean> {
  const throttled = move.to === "throttled";
  const { rowCount } = await db.query({
    name: "move-valve",
    text: `UPDATE subscription_valve v
           SET state = $3, version = v.version + 1, since = now(), trips = $4,
               probe_at = CASE WHEN $3 = 'throttled' THEN now() + $5 * interval '1 ms' END,
               last_error = coalesce($6, v.last_error), ${SEEN}
           FROM (SELECT ${outcomesSince(PRESENT, "$1::int")}) o
           WHERE v.subscription_id = $1 AND v.version = $2`,
    values: [
      seen.subscriptionId,
      seen.version.toString(),
      move.to,
      throttled ? move.trips : 0,
      throttled ? move.heldMs : 0,
      throttled ? move.lastError : null,
    ],
  });
  return rowCount === 1;
}

/** Why deliveries of a subscription failed last, for who asks why its valve closed. */
export async function readLastFailure(db: Queryable, subscriptionId: number): Promise<string | null> {
  const { rows } = await db.query<{ text: string }>({
    name: "read-last-failure",
    text: `SELECT error_type || ': ' || sample AS text FROM failure_group
           WHERE subscription_id = $1 ORDER BY last_at DESC LIMIT 1`,
    values: [subscriptionId],
  });
  return rows[0]?.text.slice(0, 500) ?? null;
}

/** A valve as it stood before an operator opened it. */
export interface ResetValve {
  state: ValveState;
  since: Date;
  trips: number;
  lastError: string | null;
}

/** Whatever it is → open, by an operator; wakes who gives out. @returns null: it was open */
export async function resetValve(db: Queryable, subscriptionId: number): Promise<ResetValve | null> {
  const { rows } = await db.query<ResetValve>(
    `WITH before AS MATERIALIZED (
       SELECT subscription_id, state, since, trips, last_error FROM subscription_valve
       WHERE subscription_id = $1 AND state <> 'open' FOR UPDATE
     ), moved AS (
       UPDATE subscription_valve v
       SET state = 'open', version = v.version + 1, since = now(), trips = 0, failures = 0, probe_at = NULL, ${SEEN}
       FROM before CROSS JOIN (SELECT ${outcomesSince(PRESENT, "$1::int")}) o
       WHERE v.subscription_id = before.subscription_id
       RETURNING v.subscription_id
     ), wake AS (
       SELECT pg_notify('surelay_recover', subscription_id::text), pg_notify('surelay_notify', subscription_id::text) FROM moved
     )
     SELECT before.state, before.since, before.trips, before.last_error AS "lastError", (SELECT count(*) FROM wake) AS woken
     FROM before`,
    [subscriptionId],
  );
  const row = rows[0];
  return row ? { state: row.state, since: row.since, trips: row.trips, lastError: row.lastError } : null;
}
