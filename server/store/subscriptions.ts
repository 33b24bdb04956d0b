import type { Queryable } from "../db.ts";
import type { SubscriptionSpec } from "../domain/subscription.ts";
import type { Pause, PauseChange } from "./pauses.ts";

/** A declared subscription. */
export interface SubscriptionRow extends SubscriptionSpec {
  id: number;
  topicId: number;
  appId: number | null;
  retryTopicId: number | null;
  deadLetterTopicId: number | null;
  /** From 1; raised when its signing secret is changed. */
  secretVersion: number;
  secretRotatedAt: Date | null;
  pausedAt: Date | null;
  pausedBy: string | null;
  pauseReason: string | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Wakes whoever gives out redeliveries and calls webhooks, and every relay: a change holds within moments. */
const WAKE = `SELECT pg_notify('surelay_ready', 'control'), pg_notify('surelay_notify', '')`;

const COLUMNS = `x.id, x.topic_id AS "topicId", topic.name AS topic, x.name, x.ack, x.app_id AS "appId", app.name AS app,
  x.group_id AS "groupId", x.ordered, x.ack_timeout_seconds AS "ackTimeoutSeconds",
  json_build_object('maxAttempts', x.max_attempts, 'firstDelaySeconds', x.first_delay_seconds, 'factor', x.factor,
    'maxDelaySeconds', x.max_delay_seconds, 'jitter', x.jitter, 'ladderSeconds', x.ladder_seconds,
    'ratePerSecond', x.rate_per_second, 'maxInFlight', x.max_in_flight) AS retry,
  x.dead_letter_topic_id IS NOT NULL AS "deadLetterTopic",
  CASE WHEN x.webhook_url IS NOT NULL THEN json_build_object('url', x.webhook_url,
    'timeoutSeconds', x.webhook_timeout_seconds, 'concurrency', x.webhook_concurrency) END AS webhook,
  x.retry_topic_id AS "retryTopicId", x.dead_letter_topic_id AS "deadLetterTopicId",
  x.secret_version AS "secretVersion", x.secret_rotated_at AS "secretRotatedAt", x.paused_at AS "pausedAt",
  x.paused_by AS "pausedBy", x.pause_reason AS "pauseReason", x.created_at AS "createdAt", x.updated_at AS "updatedAt"`;

const LIVE = `FROM subscription x JOIN topic ON topic.id = x.topic_id LEFT JOIN app ON app.id = x.app_id
  WHERE x.removed_at IS NULL`;

/** All that are not removed, by topic and name. There are as many as somebody declared: hundreds, not millions. */
export async function listSubscriptions(db: Queryable): Promise<SubscriptionRow[]> {
  return (await db.query<SubscriptionRow>(`SELECT ${COLUMNS} ${LIVE} ORDER BY topic.name, x.name`)).rows;
}

export async function findSubscription(
  db: Queryable,
  topic: string,
  name: string,
): Promise<SubscriptionRow | null> {
  const { rows } = await db.query<SubscriptionRow>(
    `SELECT ${COLUMNS} ${LIVE} AND topic.name = $1 AND x.name = $2`,
    [topic, name],
  );
  return rows[0] ?? null;
}

/** `no_topic`, `no_app`: what it names is not declared. `taken`: there is one of this name. */
export type SubscriptionInserted = "inserted" | "no_topic" | "no_app" | "taken";

/** $1 topic, $2 name, $3 app; $4 to $20 are the columns. */
const WRITTEN = [
  "ack",
  "group_id",
  "ordered",
  "ack_timeout_seconds",
  "max_attempts",
  "first_delay_seconds",
  "factor",
  "max_delay_seconds",
  "jitter",
  "ladder_seconds",
  "rate_per_second",
  "max_in_flight",
  "retry_topic_id",
  "dead_letter_topic_id",
  "webhook_url",
  "webhook_timeout_seconds",
  "webhook_concurrency",
] as const;
const parameter = (i: number): string => `$${i + 4}`;

const OWNERS = `owner AS (SELECT id FROM topic WHERE name = $1 AND kind = 'main'),
  reader AS (SELECT id FROM app WHERE name = $3)`;

/**
 * Declares a new subscription, with its valve. From the next batch that is marked SENT, messages of its topic have
 * deliveries for it.
 *
 * @param topics ids of its retry and dead-letter topics, declared before
 */
export async function insertSubscription(
  db: Queryable,
  spec: SubscriptionSpec,
  topics: SubscriptionTopics,
): Promise<SubscriptionInserted> {
  const { rows } = await db.query<{ topic: boolean; app: boolean; made: boolean }>(
    `WITH ${OWNERS}, made AS (
       INSERT INTO subscription (topic_id, name, app_id, ${WRITTEN.join(", ")})
       SELECT owner.id, $2, reader.id, ${WRITTEN.map((_, i) => parameter(i)).join(", ")}
       FROM owner LEFT JOIN reader ON true WHERE $3::text IS NULL OR reader.id IS NOT NULL
       ON CONFLICT (topic_id, name) WHERE removed_at IS NULL DO NOTHING RETURNING id
     ), valve AS (
       INSERT INTO subscription_valve (subscription_id) SELECT id FROM made
     ), wake AS (${WAKE} FROM made)
     SELECT EXISTS (SELECT FROM owner) AS topic, $3::text IS NULL OR EXISTS (SELECT FROM reader) AS app,
            EXISTS (SELECT FROM made) AS made, (SELECT count(*) FROM wake)`,
    valuesOf(spec, topics),
  );
  const row = rows[0]!;
  if (row.made) return "inserted";
  if (!row.topic) return "no_topic";
  return row.app ? "taken" : "no_app";
}

/** `stale`: there is no such subscription, or it is not as `seen` any more. */
export type SubscriptionChanged = "changed" | "no_app" | "stale";

/**
 * Changes what a subscription declares, but for its mode, which stays what it is: deliveries that stand were made for it.
 *
 * @param seen `updatedAt` of what the change was made from; null: whatever it is now
 */
export async function changeSubscription(
  db: Queryable,
  spec: SubscriptionSpec,
  topics: SubscriptionTopics,
  seen: Date | null,
): Promise<SubscriptionChanged> {
  const { rows } = await db.query<{ app: boolean; changed: boolean }>(
    `WITH ${OWNERS}, changed AS (
       UPDATE subscription x
       SET app_id = (SELECT id FROM reader), ${WRITTEN.map((column, i) => `${column} = ${parameter(i)}`).join(", ")},
           updated_at = greatest(clock_timestamp(), x.updated_at + interval '1 millisecond')
       FROM owner
       WHERE x.topic_id = owner.id AND x.name = $2 AND x.removed_at IS NULL AND x.ack = $4
         AND ($3::text IS NULL OR EXISTS (SELECT FROM reader)) AND ($21::timestamptz IS NULL OR x.updated_at = $21)
       RETURNING x.id
     ), wake AS (${WAKE} FROM changed)
     SELECT $3::text IS NULL OR EXISTS (SELECT FROM reader) AS app, EXISTS (SELECT FROM changed) AS changed,
            (SELECT count(*) FROM wake)`,
    [...valuesOf(spec, topics), seen],
  );
  if (rows[0]!.changed) return "changed";
  return rows[0]!.app ? "stale" : "no_app";
}

/**
 * Removes a subscription: messages that are marked SENT from now on have no delivery for it. Those that stand open are
 * discarded by `discardRemoved`, batch by batch; the row stays for them to name.
 *
 * @returns false: there is no such subscription
 */
export async function removeSubscription(db: Queryable, topic: string, name: string): Promise<boolean> {
  const { rows } = await db.query<{ removed: boolean }>(
    `WITH removed AS (
       UPDATE subscription x SET removed_at = now(), paused_at = NULL, paused_by = NULL, pause_reason = NULL
       FROM topic WHERE topic.id = x.topic_id AND topic.name = $1 AND x.name = $2 AND x.removed_at IS NULL RETURNING x.id
     ), wake AS (${WAKE} FROM removed)
     SELECT EXISTS (SELECT FROM removed) AS removed, (SELECT count(*) FROM wake)`,
    [topic, name],
  );
  return rows[0]!.removed;
}

/**
 * Holds a subscription's redeliveries and webhook calls, or (with null) lets them go on. Its messages go on being sent to
 * the topic, which others read too.
 *
 * @returns null: there is no such subscription
 */
export async function pauseSubscription(
  db: Queryable,
  topic: string,
  name: string,
  pause: Pause | null,
): Promise<PauseChange | null> {
  const { rows } = await db.query<{ by: string | null; reason: string | null; changed: boolean }>(
    `WITH before AS (
       SELECT x.id, x.paused_by AS by, x.pause_reason AS reason FROM subscription x JOIN topic ON topic.id = x.topic_id
       WHERE topic.name = $1 AND x.name = $2 AND x.removed_at IS NULL FOR UPDATE OF x
     ), moved AS (
       UPDATE subscription x
       SET paused_at = CASE WHEN $3::text IS NULL THEN NULL ELSE now() END, paused_by = $3, pause_reason = $4
       FROM before WHERE x.id = before.id AND (before.by IS NULL) = ($3::text IS NOT NULL)
       RETURNING 1
     ), wake AS (${WAKE} FROM moved)
     SELECT before.by, before.reason, EXISTS (SELECT FROM moved) AS changed, (SELECT count(*) FROM wake) FROM before`,
    [topic, name, pause?.by ?? null, pause?.reason ?? null],
  );
  const row = rows[0];
  if (!row) return null;
  return { changed: row.changed, before: row.by === null ? null : { by: row.by, reason: row.reason } };
}

/** Ids of a subscription's own topics; null: it has none of the kind. */
export interface SubscriptionTopics {
  retry: number | null;
  deadLetter: number | null;
}

function valuesOf(spec: SubscriptionSpec, topics: SubscriptionTopics): unknown[] {
  const { retry, webhook } = spec;
  return [
    spec.topic,
    spec.name,
    spec.app,
    spec.ack,
    spec.groupId,
    spec.ordered,
    spec.ackTimeoutSeconds,
    retry.maxAttempts,
    retry.firstDelaySeconds,
    retry.factor,
    retry.maxDelaySeconds,
    retry.jitter,
    retry.ladderSeconds,
    retry.ratePerSecond,
    retry.maxInFlight,
    topics.retry,
    topics.deadLetter,
    webhook?.url ?? null,
    webhook?.timeoutSeconds ?? 10,
    webhook?.concurrency ?? 8,
  ];
}
