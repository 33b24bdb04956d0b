import type { Queryable } from "../db.ts";
import type { DeliveryKey } from "./delivery-filter.ts";
import { NEWEST_CONTENT } from "./newest-content.ts";

export interface DeliveredContent {
  contentType: string;
  headers: Record<string, string> | null;
  /** Of the whole payload. */
  bytes: number;
  /** The first bytes of it; null: its topic is masked. */
  payload: Buffer | null;
}

/**
 * What a subscription had of a message when the delivery came into its state: not the content as it was stored if an
 * operator had made another by then, and not what was made of it since.
 *
 * @param maxBytes most bytes of the payload
 * @returns null: there is no such delivery
 */
export async function readDeliveredContent(
  db: Queryable,
  { messageId, subscriptionId }: DeliveryKey,
  maxBytes: number,
): Promise<DeliveredContent | null> {
  const { rows } = await db.query<DeliveredContent>({
    name: "read-delivered-content",
    text: `SELECT ${NEWEST_CONTENT.contentType} AS "contentType", ${NEWEST_CONTENT.headers} AS headers,
                  ${NEWEST_CONTENT.bytes} AS bytes,
                  CASE WHEN NOT t.masked THEN substring(${NEWEST_CONTENT.payload} FROM 1 FOR $3) END AS payload
           FROM delivery d JOIN message m ON m.id = d.message_id JOIN topic t ON t.id = m.topic_id
           ${NEWEST_CONTENT.join("d.message_id", "v.at <= d.moved_at")}
           WHERE d.message_id = $1 AND d.subscription_id = $2`,
    values: [messageId, subscriptionId, maxBytes],
  });
  return rows[0] ?? null;
}
