import type { Queryable } from "../../db.ts";
import { readTracking } from "../../store/message-tracking.ts";
import {
  type DeliveryAttemptRow,
  type DeliveryRow,
  readDeliveryAttempts,
  readMessageDeliveries as readRows,
} from "../../store/delivery-details.ts";

/** Most lines of history of one message; the newest are kept. */
const MOST_SHOWN = 500;

export interface MessageDelivery extends DeliveryRow {
  /** What was out of the ordinary, oldest first. */
  attempts: DeliveryAttemptRow[];
}

export interface MessageDeliveries {
  deliveries: MessageDelivery[];
  /** Deliveries that are neither ACKED nor DISCARDED. */
  open: number;
  /** Committed offsets of these subscriptions count, too, before it is CONSUMED. */
  byOffset: { subscription: string; groupId: string }[];
}

/** A message's deliveries with their attempts. A message that was never sent, or that nobody tracks, has none. */
export async function readMessageDeliveries(db: Queryable, messageId: string): Promise<MessageDeliveries> {
  const [rows, attempts, tracking] = await Promise.all([
    readRows(db, messageId),
    readDeliveryAttempts(db, messageId, MOST_SHOWN),
    readTracking(db, messageId),
  ]);
  return {
    deliveries: rows.map((row) => ({
      ...row,
      attempts: attempts.filter((attempt) => attempt.subscriptionId === row.subscriptionId),
    })),
    ...tracking,
  };
}
