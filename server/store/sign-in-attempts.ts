import type { Queryable } from "../db.ts";

/**
 * Counts one more attempt under `key` and says how many fell into the running window. The window begins with its first
 * attempt and is not prolonged by later ones; the database's clock rules, so replicas of the console count together.
 */
export async function countAttempt(
  db: Queryable,
  key: string,
  windowSeconds: number,
): Promise<{ count: number; secondsLeft: number }> {
  const { rows } = await db.query<{ count: number; secondsLeft: number }>(
    `WITH clock AS (SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now, $2::bigint * 1000 AS span)
     INSERT INTO auth_rate_limit AS r (id, key, count, last_request) SELECT $1, $1, 1, clock.now FROM clock
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN r.last_request + $2::bigint * 1000 <= excluded.last_request THEN 1 ELSE r.count + 1 END,
       last_request = CASE WHEN r.last_request + $2::bigint * 1000 <= excluded.last_request
                           THEN excluded.last_request ELSE r.last_request END
     RETURNING count,
       greatest(1, ceil((last_request + $2::bigint * 1000 - (SELECT now FROM clock)) / 1000.0))::int AS "secondsLeft"`,
    [key, windowSeconds],
  );
  return rows[0]!;
}

/** Takes one attempt under `key` back: it was none to be counted. */
export async function takeBackAttempt(db: Queryable, key: string): Promise<void> {
  await db.query("UPDATE auth_rate_limit SET count = count - 1 WHERE key = $1 AND count > 0", [key]);
}

/** Forgets the attempts under `key`. */
export async function forgetAttempts(db: Queryable, key: string): Promise<void> {
  await db.query("DELETE FROM auth_rate_limit WHERE key = $1", [key]);
}

/** Removes windows that ended long ago. Called now and then: the table holds a row per name and address that was ever tried. */
export async function dropOldAttempts(db: Queryable): Promise<void> {
  await db.query(
    "DELETE FROM auth_rate_limit WHERE last_request < (extract(epoch FROM now()) * 1000)::bigint - 3600 * 1000",
  );
}
