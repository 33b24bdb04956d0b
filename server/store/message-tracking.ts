import type { Queryable } from "../db.ts";

/** By what a message's consumption is told. */
export interface MessageTracking {
  open: number;
  byOffset: { subscription: string; groupId: string }[];
}

export async function readTracking(db: Queryable, messageId: string): Promise<MessageTracking> {
  const { rows } = await db.query<MessageTracking>({
    name: "read-message-tracking",
    text: `SELECT s.open_deliveries AS open, CASE WHEN s.by_offset THEN (
             SELECT coalesce(json_agg(json_build_object('subscription', x.name, 'groupId', x.group_id) ORDER BY x.name), '[]')
             FROM subscription x WHERE x.topic_id = s.topic_id AND x.ack = 'offset' AND x.removed_at IS NULL)
           ELSE '[]' END AS "byOffset"
           FROM message_state s WHERE s.id = $1`,
    values: [messageId],
  });
  return rows[0] ?? { open: 0, byOffset: [] };
}

/** The newest message of a topic and type that a subscription has handled, or whichever is CONSUMED. */
export interface LastSuccess {
  messageId: string;
  ackedAt: Date;
}

/** How many messages of the topic and type are looked at, newest first, for one that succeeded. */
const MOST_LOOKED = 2000;

/**
 * The newest message like another one that was handled: of the same app, topic and type, ACKED by the same subscription.
 *
 * @returns null: none of the newest ones was
 */
export async function findLastSuccess(
  db: Queryable,
  like: { messageId: string; subscriptionId: number },
): Promise<LastSuccess | null> {
  const { rows } = await db.query<LastSuccess>({
    name: "find-last-success",
    text: `WITH this AS (SELECT app_id, topic_id, type FROM message WHERE id = $1), recent AS MATERIALIZED (
             SELECT m.id, m.type FROM this CROSS JOIN LATERAL (
               SELECT id, type FROM message WHERE app_id = this.app_id AND topic_id = this.topic_id AND id <> $1
               ORDER BY id DESC LIMIT ${MOST_LOOKED}) m
             WHERE m.type IS NOT DISTINCT FROM this.type)
           SELECT r.id AS "messageId", d.moved_at AS "ackedAt"
           FROM recent r CROSS JOIN LATERAL (
             SELECT moved_at FROM delivery
             WHERE message_id = r.id AND subscription_id = $2 AND state = 'ACKED' OFFSET 0) d
           ORDER BY r.id DESC LIMIT 1`,
    values: [like.messageId, like.subscriptionId],
  });
  return rows[0] ?? null;
}
