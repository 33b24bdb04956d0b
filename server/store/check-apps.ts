import type { Queryable } from "../db.ts";
import type { BreakerState } from "../domain/check-breaker.ts";
import type { CheckSettings } from "../domain/check-policy.ts";

/** How the columns of an app's policy are read. */
export const CHECK_COLUMNS = `json_build_object('factor', check_factor, 'maxDelaySeconds', check_max_delay_seconds,
    'maxAttempts', check_max_attempts, 'jitter', check_jitter, 'timeoutSeconds', check_timeout_seconds,
    'concurrency', check_concurrency) AS "check"`;

/** For how long after a change of its secret an app's requests carry both signatures. */
export const SECRET_OVERLAP = "interval '24 hours'";

/** An app that can be asked. */
export interface CheckApp {
  id: number;
  name: string;
  checkUrl: string;
  checkAfterSeconds: number | null;
  check: CheckSettings;
  secretVersion: number;
  /** The secret before this one still counts. */
  secretOverlaps: boolean;
  breaker: {
    state: BreakerState;
    version: bigint;
    trips: number;
    /** ms until the next probe may go, or the one under way has run out; negative: due; null: closed. */
    probeInMs: number | null;
  };
}

const ROW = `app.id, app.name, app.check_url AS "checkUrl", app.check_after_seconds AS "checkAfterSeconds", ${CHECK_COLUMNS},
  app.secret_version AS "secretVersion", coalesce(app.secret_rotated_at > now() - ${SECRET_OVERLAP}, false) AS "secretOverlaps",
  coalesce(b.state, 'closed') AS state, coalesce(b.version, 0)::text AS version, coalesce(b.trips, 0) AS trips,
  (extract(epoch FROM b.probe_at - now()) * 1000)::float8 AS "probeInMs"`;

/** All apps that declare a check URL, with their breakers. Apps without one are not asked. */
export async function readCheckApps(db: Queryable): Promise<CheckApp[]> {
  const { rows } = await db.query<RawRow>({
    name: "read-check-apps",
    text: `SELECT ${ROW} FROM app LEFT JOIN check_breaker b ON b.app_id = app.id WHERE app.check_url IS NOT NULL ORDER BY app.id`,
  });
  return rows.map(({ state, version, trips, probeInMs, ...app }) => ({
    ...app,
    breaker: { state, version: BigInt(version), trips, probeInMs },
  }));
}

type RawRow = Omit<CheckApp, "breaker"> &
  Omit<CheckApp["breaker"], "version"> & {
    version: string;
  };
