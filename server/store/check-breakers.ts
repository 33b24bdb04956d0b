import type { Queryable } from "../db.ts";
import type { BreakerState } from "../domain/check-breaker.ts";

/** Each statement is one move of server/domain/check-breaker.ts, guarded by what the mover has seen; null: it was too late. */

/** Closed → open. @returns the new version */
export async function openBreaker(
  db: Queryable,
  move: { appId: number; trips: number; openMs: number; failures: number; lastError: string },
): Promise<bigint | null> {
  return version(
    await db.query<{ version: string }>({
      name: "open-breaker",
      text: `INSERT INTO check_breaker AS b (app_id, state, since, probe_at, trips, failures, last_error)
             VALUES ($1, 'open', now(), now() + $2 * interval '1 ms', $3, $4, $5)
             ON CONFLICT (app_id) DO UPDATE
             SET state = 'open', since = now(), probe_at = excluded.probe_at, trips = excluded.trips,
                 failures = excluded.failures, last_error = excluded.last_error, version = b.version + 1
             WHERE b.state = 'closed'
             RETURNING version`,
      values: [move.appId, move.openMs, move.trips, move.failures, move.lastError],
    }),
  );
}

/**
 * Open → half open, by the one caller that gets it, when the probe is due and the app has something to ask about. A probe
 * whose time has run out, because whoever had it died, is taken over the same way.
 *
 * @param leaseMs for how long the probe counts
 * @returns the version that the probe's outcome has to name
 */
export async function takeProbe(db: Queryable, appId: number, leaseMs: number): Promise<bigint | null> {
  return version(
    await db.query<{ version: string }>({
      name: "take-probe",
      text: `UPDATE check_breaker
             SET state = 'half_open', probe_at = now() + $2 * interval '1 ms', version = version + 1
             WHERE app_id = $1 AND state <> 'closed' AND probe_at <= now() AND EXISTS (
               SELECT FROM message_state s WHERE s.state = 'PREPARED' AND s.app_id = $1 AND s.check_at <= now())
             RETURNING version`,
      values: [appId, leaseMs],
    }),
  );
}

/** Half open → open: the probe failed. `since` stays: the app is away since then. */
export async function reopenBreaker(
  db: Queryable,
  move: {
    appId: number;
    version: bigint;
    trips: number;
    openMs: number;
    failed: boolean;
    lastError: string | null;
  },
): Promise<bigint | null> {
  return version(
    await db.query<{ version: string }>({
      name: "reopen-breaker",
      text: `UPDATE check_breaker
             SET state = 'open', probe_at = now() + $3 * interval '1 ms', trips = $4, version = version + 1,
                 failures = failures + CASE WHEN $5 THEN 1 ELSE 0 END, last_error = coalesce($6, last_error)
             WHERE app_id = $1 AND version = $2 AND state = 'half_open' RETURNING version`,
      values: [move.appId, move.version, move.openMs, move.trips, move.failed, move.lastError],
    }),
  );
}

const CLOSE = `
  WITH closed AS (
    UPDATE check_breaker
    SET state = 'closed', since = now(), probe_at = NULL, trips = 0, failures = 0, version = version + 1
    WHERE app_id = $1 AND state <> 'closed' AND ($2::bigint IS NULL OR (version = $2 AND state = 'half_open'))
    RETURNING app_id, version
  ), wake AS (SELECT pg_notify('surelay_check', app_id::text) FROM closed)
  SELECT closed.version FROM closed LEFT JOIN wake ON true`;

/**
 * Half open → closed after a probe that reached the app, or whatever it is → closed by an operator; wakes all replicas.
 *
 * @param seen the probe's version; null: an operator resets it
 */
export async function closeBreaker(
  db: Queryable,
  appId: number,
  seen: bigint | null,
): Promise<bigint | null> {
  return version(
    await db.query<{ version: string }>({ name: "close-breaker", text: CLOSE, values: [appId, seen] }),
  );
}

/** A breaker that has been open at some time; apps without a row never were away. */
export interface BreakerRow {
  app: string;
  appId: number;
  state: BreakerState;
  since: Date;
  probeAt: Date | null;
  /** ms until the next probe may go, or until the one under way has run out; negative: due. */
  probeInMs: number | null;
  trips: number;
  failures: number;
  /** Why it opened last; kept when it closes. */
  lastError: string | null;
}

export async function readBreakerRows(db: Queryable, app: string | null): Promise<BreakerRow[]> {
  const { rows } = await db.query<BreakerRow>(
    `SELECT app.name AS app, b.app_id AS "appId", b.state, b.since, b.probe_at AS "probeAt", b.trips, b.failures,
            (extract(epoch FROM b.probe_at - now()) * 1000)::float8 AS "probeInMs", b.last_error AS "lastError"
     FROM check_breaker b JOIN app ON app.id = b.app_id
     WHERE $1::text IS NULL OR app.name = $1 ORDER BY app.name`,
    [app],
  );
  return rows;
}

function version({ rows }: { rows: { version: string }[] }): bigint | null {
  return rows[0] ? BigInt(rows[0].version) : null;
}
