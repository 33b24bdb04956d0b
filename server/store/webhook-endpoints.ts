import type { Queryable } from "../db.ts";
import type { WebhookPolicy } from "../domain/decide-webhook.ts";
import { SECRET_OVERLAP } from "./check-apps.ts";

/** A webhook subscription as it is called. */
export interface WebhookEndpoint {
  /** Of the subscription. */
  id: number;
  topic: string;
  subscription: string;
  url: string;
  timeoutSeconds: number;
  /** Calls at once in one process. */
  concurrency: number;
  ratePerSecond: number | null;
  policy: WebhookPolicy;
  secretVersion: number;
  /** The secret before this one still counts. */
  secretOverlaps: boolean;
  /** It or its topic. */
  paused: boolean;
  /** It has been failing without a success since. */
  failingSince: Date | null;
  disabledAt: Date | null;
}

const ROW = `s.id, topic.name AS topic, s.name AS subscription, s.webhook_url AS url,
  s.webhook_timeout_seconds AS "timeoutSeconds", s.webhook_concurrency AS concurrency, s.rate_per_second AS "ratePerSecond",
  json_build_object('maxAttempts', s.max_attempts, 'firstDelaySeconds', s.first_delay_seconds, 'factor', s.factor,
    'maxDelaySeconds', s.max_delay_seconds, 'jitter', s.jitter, 'ladderSeconds', s.ladder_seconds) AS policy,
  s.secret_version AS "secretVersion", coalesce(s.secret_rotated_at > now() - ${SECRET_OVERLAP}, false) AS "secretOverlaps",
  s.paused_at IS NOT NULL OR topic.paused_at IS NOT NULL AS paused, v.failing_since AS "failingSince",
  v.disabled_at AS "disabledAt"`;
const FROM = `FROM subscription s JOIN topic ON topic.id = s.topic_id
  LEFT JOIN subscription_valve v ON v.subscription_id = s.id
  WHERE s.ack = 'webhook' AND s.removed_at IS NULL`;

/** All webhook subscriptions there are. */
export async function readWebhookEndpoints(db: Queryable): Promise<WebhookEndpoint[]> {
  const text = `SELECT ${ROW} ${FROM} ORDER BY s.id`;
  return (await db.query<WebhookEndpoint>({ name: "read-webhook-endpoints", text })).rows;
}

/** @returns null: there is no such webhook subscription */
export async function findWebhookEndpoint(
  db: Queryable,
  topic: string,
  subscription: string,
): Promise<WebhookEndpoint | null> {
  const text = `SELECT ${ROW} ${FROM} AND topic.name = $1 AND s.name = $2`;
  return (await db.query<WebhookEndpoint>(text, [topic, subscription])).rows[0] ?? null;
}

/** What is noted of an endpoint whose calls fail. */
export interface FailingEndpoint {
  id: number;
  /** Calls that failed since it was noted last. */
  failures: number;
  lastError: string;
  /** Disabled at once, for this reason; null: once it has been failing for `afterSeconds`. */
  because: string | null;
  afterSeconds: number;
}

const WAKE = "SELECT pg_notify('surelay_notify', 'endpoint') FROM";

const NOTE_FAILING = `
  WITH noted AS (
    INSERT INTO subscription_valve AS v (subscription_id, failing_since, failures, last_error, disabled_at, disabled_reason)
    VALUES ($1, now(), $2, $3, CASE WHEN $4::text IS NOT NULL THEN now() END, $4)
    ON CONFLICT (subscription_id) DO UPDATE
    SET failing_since = coalesce(v.failing_since, now()), failures = v.failures + excluded.failures,
        last_error = excluded.last_error,
        disabled_at = CASE WHEN $4::text IS NOT NULL OR v.failing_since <= now() - $5 * interval '1 second' THEN now() END,
        disabled_reason = CASE WHEN $4::text IS NOT NULL THEN $4
          WHEN v.failing_since <= now() - $5 * interval '1 second'
          THEN 'failing without a success since ' || to_char(v.failing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        END
    WHERE v.disabled_at IS NULL
    RETURNING v.subscription_id, v.disabled_at IS NOT NULL AS disabled, v.disabled_reason AS reason
  ), wake AS (${WAKE} noted WHERE disabled)
  SELECT noted.disabled, noted.reason FROM noted LEFT JOIN wake ON true`;

/**
 * Notes that an endpoint fails, and disables it when that has gone on for long enough: its deliveries wait then, uncounted.
 *
 * @returns why it was disabled just now; null: it was not, or somebody else has done it
 */
export async function noteFailing(db: Queryable, endpoint: FailingEndpoint): Promise<string | null> {
  const { id, failures, lastError, because, afterSeconds } = endpoint;
  const { rows } = await db.query<{ disabled: boolean; reason: string | null }>({
    name: "note-failing",
    text: NOTE_FAILING,
    values: [id, failures, lastError, because, afterSeconds],
  });
  return rows[0]?.disabled ? rows[0].reason : null;
}

/** Notes that endpoints which were failing have taken something. */
export async function noteReached(db: Queryable, ids: readonly number[]): Promise<void> {
  await db.query({
    name: "note-reached",
    text: `UPDATE subscription_valve SET failing_since = NULL, failures = 0
           WHERE subscription_id = ANY($1::int[]) AND failing_since IS NOT NULL AND disabled_at IS NULL`,
    values: [ids],
  });
}

/** What stood of a disabled endpoint. */
export interface DisabledEndpoint {
  disabledAt: Date;
  disabledReason: string;
}

const ENABLE = `
  WITH before AS (
    SELECT subscription_id, disabled_at, disabled_reason FROM subscription_valve
    WHERE subscription_id = $1 AND disabled_at IS NOT NULL FOR UPDATE
  ), enabled AS (
    UPDATE subscription_valve v
    SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, failures = 0, since = now(), version = v.version + 1
    FROM before WHERE v.subscription_id = before.subscription_id RETURNING v.subscription_id
  ), wake AS (${WAKE} enabled)
  SELECT before.disabled_at AS "disabledAt", before.disabled_reason AS "disabledReason" FROM before LEFT JOIN wake ON true`;

/** Has a disabled endpoint called again, and wakes all replicas. @returns null: it was not disabled */
export async function enableEndpoint(
  db: Queryable,
  subscriptionId: number,
): Promise<DisabledEndpoint | null> {
  return (await db.query<DisabledEndpoint>(ENABLE, [subscriptionId])).rows[0] ?? null;
}
