import { minuteOf } from "./message-flow.ts";

/**
 * CTEs that count failures by group (server/domain/fingerprint-error.ts) in the statement that makes deliveries fail, so
 * that a group's figures are what its deliveries say, whatever dies.
 *
 * `failing` is the name of a CTE of the same statement with one row per failure: subscription_id, fingerprint, error_type,
 * pattern, sample. It must lock the deliveries it names (and the message_state rows before them) or be made from rows that
 * do, because the groups are counters in the order of locks: message_state, delivery, counters. Rows whose fingerprint is
 * null are not failures.
 *
 * Gives `failed_group (id, subscription_id, fingerprint)`: join it to put `failure_group_id` into what the statement writes.
 * One row per group is locked until the commit, in the order of its key; flushes hold hundreds of failures each.
 */
export function countFailures(failing: string): string {
  return `failed AS MATERIALIZED (
    SELECT subscription_id, fingerprint, min(error_type) AS error_type, min(pattern) AS pattern,
           (array_agg(sample))[1] AS sample, count(*)::int AS n
    FROM ${failing} WHERE fingerprint IS NOT NULL GROUP BY 1, 2
  ), failed_group AS (
    INSERT INTO failure_group AS g (subscription_id, fingerprint, error_type, pattern, sample, failures)
    SELECT subscription_id, fingerprint, error_type, pattern, sample, n FROM failed ORDER BY 1, 2
    ON CONFLICT (subscription_id, fingerprint) DO UPDATE
    SET failures = g.failures + excluded.failures, last_at = now(), sample = excluded.sample
    RETURNING g.id, g.subscription_id, g.fingerprint
  ), failed_minute AS (
    INSERT INTO failure_flow AS f (group_id, minute, failures)
    SELECT g.id, ${minuteOf("now()")}, failed.n
    FROM failed JOIN failed_group g USING (subscription_id, fingerprint) ORDER BY 1
    ON CONFLICT (group_id, minute) DO UPDATE SET failures = f.failures + excluded.failures
  )`;
}
