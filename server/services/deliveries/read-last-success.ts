import type { Queryable } from "../../db.ts";
import { type DeliveredContent, readDeliveredContent } from "../../store/delivered-content.ts";
import type { DeliveryKey } from "../../store/delivery-filter.ts";
import { findLastSuccess, type LastSuccess } from "../../store/message-tracking.ts";
import { DISPLAY_BYTES, type ShownPayload } from "../console/read-payload.ts";

/** What a failed message can be held against. */
export interface LastSuccessPayload extends LastSuccess {
  /** `base64` null: its topic is masked. */
  payload: ShownPayload;
  /** What of the failed one was delivered. */
  own: ShownPayload;
}

/**
 * The newest message of the same app, topic and type that this delivery's subscription has acknowledged, with its payload
 * and this one's, as both were delivered and as far as they are shown.
 *
 * @returns null: none of the newest 2,000 messages of the app and topic was
 */
export async function readLastSuccess(db: Queryable, like: DeliveryKey): Promise<LastSuccessPayload | null> {
  const found = await findLastSuccess(db, like);
  if (found === null) return null;
  const [payload, own] = await Promise.all(
    [{ ...like, messageId: found.messageId }, like].map((key) =>
      readDeliveredContent(db, key, DISPLAY_BYTES),
    ),
  );
  return payload && own ? { ...found, payload: toShown(payload), own: toShown(own) } : null;
}

function toShown({ contentType, headers, bytes, payload }: DeliveredContent): ShownPayload {
  if (payload === null) return { base64: null, bytes, contentType, headers: null };
  return { base64: payload.toString("base64"), bytes, contentType, headers: headers ?? {} };
}
