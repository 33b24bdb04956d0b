import type { Queryable } from "../../db.ts";
import { readTracking } from "../../store/message-tracking.ts";
import { type DeliveryHistory, readDeliveryHistories } from "../../store/read-deliveries.ts";

/** Most lines of history of one delivery; the newest are kept. */
const MOST_SHOWN = 500;

export interface MessageDeliveries {
  deliveries: DeliveryHistory[];
  /** Deliveries that are neither ACKED nor DISCARDED. */
  open: number;
  /** Committed offsets of these subscriptions count, too, before it is CONSUMED. */
  byOffset: { subscription: string; groupId: string }[];
}

/** A message's deliveries with their attempts. A message that was never sent, or that nobody tracks, has none. */
export async function readMessageDeliveries(db: Queryable, messageId: string): Promise<MessageDeliveries> {
  const [histories, tracking] = await Promise.all([
    readDeliveryHistories(db, [messageId], MOST_SHOWN),
    readTracking(db, messageId),
  ]);
  return { deliveries: histories.get(messageId) ?? [], ...tracking };
}
