import { countDeliveries } from "./delivery-flow.ts";
import { DUE_NOW } from "./due-now.ts";

/**
 * Whether a subscription has a delivery to be made for a message.
 *
 * @param x alias of a live subscription of the message's topic
 * @param s alias of message_state
 */
export const TRACKED = (x: string, s: string): string =>
  `${x}.ack IN ('explicit', 'webhook') AND (${s}.early_deliveries IS NULL OR ${x}.id <> ALL (${s}.early_deliveries))`;

/**
 * So many ids of ten digits go into a notification, which PostgreSQL refuses at 8,000 bytes, and with it the statement that
 * sends it: the batch could never be marked, and its lane would stand still.
 */
const MOST_NAMED = 700;

/**
 * Part of the statement that marks a batch: the deliveries of its messages. An explicit one is due when its acknowledgement
 * is, a webhook's at once.
 *
 * `call_now` tells the channel `surelay_notify` which subscriptions have webhooks to be called (empty: too many to name, look
 * at all); the statement's last SELECT has to refer to it.
 *
 * @param of CTE of marked messages (id, topic_id, open_deliveries); one without open deliveries costs nothing
 */
export function makeDeliveries(of: string): string {
  return `made AS (
    INSERT INTO delivery (message_id, subscription_id, state, due_at)
    SELECT m.id, x.id, 'PENDING', CASE x.ack WHEN 'explicit' THEN now() + x.ack_timeout_seconds * interval '1 second' ELSE ${DUE_NOW} END
    FROM ${of} m CROSS JOIN LATERAL (
      SELECT id, ack, ack_timeout_seconds FROM subscription
      WHERE topic_id = m.topic_id AND removed_at IS NULL AND ack <> 'none' OFFSET 0
    ) x
    WHERE m.open_deliveries > 0 AND x.ack IN ('explicit', 'webhook')
    ON CONFLICT (message_id, subscription_id) DO NOTHING
    RETURNING subscription_id, state, moved_at AS entered_at, due_at <= moved_at AS at_once
  ), ${countDeliveries({ from: "made", left: false })}, call_now AS (
    SELECT pg_notify('surelay_notify',
             CASE WHEN count(*) <= ${MOST_NAMED} THEN string_agg(subscription_id::text, ',') ELSE '' END)
    FROM (SELECT DISTINCT subscription_id FROM made WHERE at_once) named
    HAVING count(*) > 0
  )`;
}
