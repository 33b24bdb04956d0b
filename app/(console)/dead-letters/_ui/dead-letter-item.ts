import type { DeliveryState } from "@/server/domain/delivery-state.ts";
import type { DeliveryItem } from "../../_deliveries/_ui/delivery-shape.ts";
import { writeKey } from "../dead-letter-params.ts";

/** A row of the list: a delivery under one name. */
export type DeadLetter = DeliveryItem & { id: string };

export const toRow = (item: DeliveryItem): DeadLetter => ({ ...item, id: writeKey(item) });

export const keyOfRow = (row: DeadLetter) => row.id;

/** Newest messages first; ids are by time. */
export function isAbove(row: DeadLetter, other: DeadLetter): boolean {
  return row.messageId === other.messageId
    ? row.subscriptionId > other.subscriptionId
    : row.messageId > other.messageId;
}

/** A row whose delivery has moved on since it was read. What was true of the old state alone is left out. Pure. */
export function moveTo(row: DeadLetter, state: DeliveryState): DeadLetter {
  return row.state === state ? row : { ...row, state, dueAt: null, reason: null, paused: false };
}
