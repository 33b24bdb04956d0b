import type { Queryable } from "../../db.ts";
import type { DeliveryKey } from "../../store/delivery-filter.ts";
import { findLastSuccess, type LastSuccess } from "../../store/message-tracking.ts";
import { type ShownPayload, showPayload } from "../console/read-payload.ts";

/** What a failed message can be held against. */
export interface LastSuccessPayload extends LastSuccess {
  /** `base64` null: its topic is masked. */
  payload: ShownPayload;
}

/**
 * The newest message of the same app, topic and type that this delivery's subscription has acknowledged, with its payload
 * as far as it is shown.
 *
 * @returns null: none of the newest 2,000 messages of the app and topic was
 */
export async function readLastSuccess(db: Queryable, like: DeliveryKey): Promise<LastSuccessPayload | null> {
  const found = await findLastSuccess(db, like);
  return found && { ...found, payload: await showPayload(db, found.messageId) };
}
