import type { Queryable } from "../db.ts";

/** Days back for which partitions are needed, so that every id intake accepts has one; one spare for the turn of the day. */
export function partitionsBehindDays(idPastSeconds: number): number {
  return Math.ceil(idPastSeconds / 86_400) + 1;
}

/**
 * Makes the missing daily partitions from `behind` days ago to `ahead` days from now (UTC, the database's clock).
 * Takes no lock that stops intake. Safe to be called by many processes.
 *
 * @returns how many partitions were made, over the partitioned tables together
 */
export async function makePartitions(db: Queryable, behind: number, ahead: number): Promise<number> {
  const { rows } = await db.query<{ made: number }>(
    `SELECT surelay_make_partitions((now() AT TIME ZONE 'UTC')::date - $1::int, (now() AT TIME ZONE 'UTC')::date + $2::int + 1) AS made`,
    [behind, ahead],
  );
  return rows[0]!.made;
}

/** Whole days, counted from today, for which every partitioned table has its partition; -1 when today's is missing. */
export async function partitionDaysAhead(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ ahead: number }>(
    `SELECT coalesce(min(d.n) - 1, 399) AS ahead
     FROM generate_series(0, 399) AS d(n), unnest(ARRAY['message', 'message_state', 'message_event', 'check_back', 'delivery', 'delivery_attempt']) AS parent
     WHERE to_regclass(parent || to_char((now() AT TIME ZONE 'UTC')::date + d.n, '"_p"YYYYMMDD')) IS NULL`,
  );
  return rows[0]!.ahead;
}
