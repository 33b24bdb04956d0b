import type { Queryable } from "../db.ts";
import { DUE_NOW } from "./due-now.ts";
import { NEWEST_CONTENT } from "./newest-content.ts";
import { plainArray } from "./sql-array.ts";

/** How many of a subscription's calls are wanted. */
export interface WebhookWish {
  subscriptionId: number;
  wanted: number;
  /** For how long they are left to the caller, ms: longer than it takes to call and to write down what came back. */
  leaseMs: number;
  /** Calls per second over all replicas; null: no bound. */
  ratePerSecond: number | null;
}

/** A delivery that the caller, and nobody else until the lease ends, calls its webhook with. */
export interface WebhookClaim {
  messageId: string;
  subscriptionId: number;
  /** The number of the call that is to be made, from 1. */
  attempt: number;
  /** Calls since it was made or driven anew, the coming one among them. */
  made: number;
  /** The end of the lease on the database's clock. No two claims of a delivery have the same: it guards what they write. */
  lease: Date;
  /** How long it has been due, ms. */
  lateMs: number;
  app: string;
  type: string | null;
  businessKey: string | null;
  contentType: string;
  headers: Record<string, string> | null;
  traceparent: string | null;
  storedAt: Date;
  payload: Buffer;
}

/** What has never been called, and what waits for its next call, are two stretches of one index. */
const QUEUES = "(VALUES ('PENDING'::delivery_state), ('WAITING')) AS queue(state)";
const QUEUED = `d.state = queue.state AND d.state IN ('PENDING', 'WAITING')`;

/**
 * Claimed subscription by subscription, each by its own stretches of the index, as check-backs are app by app; of both its
 * queues the longest due. A bucket of tokens in the subscription's valve bounds its rate whatever the number of replicas; one
 * that another replica is just taking from is passed over. What an operator made of a message's content goes before it.
 * Where not all may have what is due, it is drawn by lot: nobody is last time and again.
 */
const CLAIM = `
  WITH wish AS MATERIALIZED (
    SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::int[]) AS w(subscription_id, wanted, lease_ms, rate)
  ), bucket AS MATERIALIZED (
    SELECT v.subscription_id,
           least(w.rate, v.tokens + greatest(0, extract(epoch FROM now() - v.tokens_at)::float8) * w.rate) AS tokens
    FROM wish w JOIN subscription_valve v ON v.subscription_id = w.subscription_id
    WHERE w.rate IS NOT NULL FOR UPDATE OF v SKIP LOCKED
  ), granted AS MATERIALIZED (
    SELECT w.subscription_id, w.lease_ms,
           CASE WHEN w.rate IS NULL THEN w.wanted ELSE least(w.wanted, floor(coalesce(b.tokens, 0))::int) END AS most
    FROM wish w LEFT JOIN bucket b ON b.subscription_id = w.subscription_id
  ), due AS MATERIALIZED (
    SELECT * FROM (
      SELECT d.message_id, d.subscription_id, d.due_at, g.lease_ms, g.most,
             row_number() OVER (PARTITION BY d.subscription_id ORDER BY d.due_at) AS place
      FROM granted g CROSS JOIN ${QUEUES} CROSS JOIN LATERAL (
        SELECT d.message_id, d.subscription_id, d.due_at FROM delivery d
        WHERE d.subscription_id = g.subscription_id AND ${QUEUED} AND d.due_at <= now()
        ORDER BY d.subscription_id, d.state, d.due_at LIMIT g.most FOR UPDATE SKIP LOCKED
      ) d
    ) longest WHERE place <= most ORDER BY place, random() LIMIT $5
  ), claimed AS (
    UPDATE delivery d SET due_at = now() + due.lease_ms * interval '1 ms'
    FROM due WHERE d.message_id = due.message_id AND d.subscription_id = due.subscription_id
    RETURNING d.message_id, d.subscription_id, d.due_at AS lease, due.due_at,
              (d.attempt + CASE WHEN d.state = 'WAITING' THEN 1 ELSE 0 END)::int AS attempt, d.drive_from
  ), spent AS (
    UPDATE subscription_valve v
    SET tokens = b.tokens - (SELECT count(*) FROM claimed c WHERE c.subscription_id = b.subscription_id),
        tokens_at = greatest(v.tokens_at, now())
    FROM bucket b WHERE v.subscription_id = b.subscription_id
  )
  SELECT c.message_id AS "messageId", c.subscription_id AS "subscriptionId", c.attempt, c.attempt - c.drive_from AS made,
         c.lease, (extract(epoch FROM now() - c.due_at) * 1000)::float8 AS "lateMs", app.name AS app, m.type,
         m.business_key AS "businessKey", ${NEWEST_CONTENT.contentType} AS "contentType",
         ${NEWEST_CONTENT.headers} AS headers, m.traceparent,
         s.stored_at AS "storedAt", ${NEWEST_CONTENT.payload} AS payload
  FROM claimed c JOIN message m ON m.id = c.message_id JOIN message_state s ON s.id = c.message_id
  JOIN app ON app.id = m.app_id ${NEWEST_CONTENT.join("c.message_id", "true")}`;

/**
 * Claims deliveries whose call is due, of each subscription the longest due first. A claim moves the due time to the end of
 * its lease and nothing else: if the caller dies, the call is due again then, and is not counted.
 *
 * @param most altogether; null: all that is wished for
 */
export async function claimDueWebhooks(
  db: Queryable,
  wishes: readonly WebhookWish[],
  most: number | null = null,
): Promise<WebhookClaim[]> {
  const { rows } = await db.query<WebhookClaim>({
    name: "claim-due-webhooks",
    text: CLAIM,
    values: [
      plainArray(wishes.map((w) => w.subscriptionId)),
      plainArray(wishes.map((w) => w.wanted)),
      plainArray(wishes.map((w) => w.leaseMs)),
      plainArray(wishes.map((w) => w.ratePerSecond)),
      most,
    ],
  });
  return rows;
}

/**
 * Gives back claims whose call was not made: due now, nothing counted. Claims that have run out, and deliveries that moved
 * meanwhile, are left alone.
 */
export async function putBackWebhooks(
  db: Queryable,
  claims: readonly Pick<WebhookClaim, "messageId" | "subscriptionId" | "lease">[],
): Promise<void> {
  await db.query({
    name: "put-back-webhooks",
    text: `UPDATE delivery d SET due_at = ${DUE_NOW}
           FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS claim(message_id, subscription_id, lease)
           WHERE d.message_id = claim.message_id AND d.subscription_id = claim.subscription_id
             AND d.state IN ('PENDING', 'WAITING') AND d.due_at = claim.lease`,
    values: [
      plainArray(claims.map((c) => c.messageId)),
      plainArray(claims.map((c) => c.subscriptionId)),
      plainArray(claims.map((c) => c.lease.toISOString())),
    ],
  });
}

/** How long until the first call of these subscriptions is due, ms, 0 if one is; null: none. One probe per subscription. */
export async function readNextWebhook(
  db: Queryable,
  subscriptionIds: readonly number[],
): Promise<number | null> {
  const { rows } = await db.query<{ inMs: number | null }>({
    name: "read-next-webhook",
    text: `SELECT min(greatest(0, extract(epoch FROM next.due_at - now()) * 1000))::float8 AS "inMs"
           FROM unnest($1::int[]) AS asked(subscription_id) CROSS JOIN ${QUEUES} CROSS JOIN LATERAL (
             SELECT d.due_at FROM delivery d
             WHERE d.subscription_id = asked.subscription_id AND ${QUEUED} AND d.due_at IS NOT NULL
             ORDER BY d.subscription_id, d.state, d.due_at LIMIT 1) next`,
    values: [plainArray(subscriptionIds)],
  });
  return rows[0]!.inMs;
}
