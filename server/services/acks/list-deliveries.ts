import type { DeliveryPage, DeliveryView } from "../../../sdk/contract/acks.ts";
import type { Queryable } from "../../db.ts";
import { DELIVERY_STATES, type DeliveryState } from "../../domain/delivery-state.ts";
import {
  type ConsumedDelivery,
  findReadableSubscriptions,
  readConsumedDeliveries,
  scanDeliveries,
} from "../../store/list-deliveries.ts";
import { readCursor, writeCursor } from "../messages/cursor.ts";
import { rethrowUnavailable } from "../messages/get-message.ts";
import {
  type ListQuery,
  MAX_LIMIT,
  readLimit,
  readParameters,
  readWords,
  refusedQuery,
} from "../messages/list-query.ts";

/** Rows looked at for one page; one that finds less than it wants before that ends early, with a cursor to go on. */
const SCAN_LIMIT = 20_000;
/** Payloads of one page. */
const PAGE_BYTES = 8 * 1024 * 1024;
export const DELIVERY_PARAMETERS = ["subscription", "topic", "state", "payload", "limit", "cursor"] as const;

/**
 * Deliveries of a consumer's own subscription, newest message first: what it missed, and what became of the rest. A page
 * may hold fewer than asked, even none, while `nextCursor` says that there is more to look through.
 *
 * @throws SurelayError `validation_failed` | `unavailable`
 */
export async function listDeliveries(db: Queryable, appId: number, query: ListQuery): Promise<DeliveryPage> {
  const { subscription, topic, state, payload, limit, cursor } = readParameters(query, DELIVERY_PARAMETERS);
  if (subscription === undefined) throw refusedQuery("The parameter subscription is missing.");
  if (payload !== undefined && payload !== "true" && payload !== "false")
    throw refusedQuery("payload is neither true nor false.");
  const states = readWords<DeliveryState>(state, DELIVERY_STATES);
  const filter = JSON.stringify([appId, "deliveries", subscription, topic ?? null, states]);
  const before = cursor === undefined ? undefined : readCursor(cursor, filter);
  const count = readLimit(limit, MAX_LIMIT);
  try {
    const subscriptions = await findReadableSubscriptions(db, {
      name: subscription,
      topic: topic ?? null,
      appId,
    });
    if (subscriptions.length === 0) return { items: [], nextCursor: null };
    const subscriptionIds = subscriptions.map(({ id }) => id);
    const { ids, edge } = await scanDeliveries(db, {
      subscriptionIds,
      states,
      before,
      limit: count + 1,
      scanLimit: SCAN_LIMIT,
    });
    const page = ids.slice(0, count);
    const rows = await readConsumedDeliveries(db, page, subscriptionIds, {
      payload: payload === "true",
      maxBytes: PAGE_BYTES,
    });
    const last = rows.at(-1)?.messageId;
    const next =
      last !== undefined && last !== page.at(-1)
        ? last // the payloads were too many
        : ids.length > count
          ? page.at(-1)!
          : edge === null
            ? null
            : justAbove(edge);
    return {
      items: rows.map(toDeliveryView),
      nextCursor: next === null ? null : writeCursor(next, filter),
    };
  } catch (error) {
    return rethrowUnavailable(error);
  }
}

/** The next page looks at the message at the scan's edge once more: not all of its deliveries may have been seen. */
function justAbove(id: string): string {
  const hex = (BigInt(`0x${id.replaceAll("-", "")}`) + 1n).toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function toDeliveryView(row: ConsumedDelivery): DeliveryView {
  return {
    messageId: row.messageId,
    topic: row.topic,
    subscription: row.subscription,
    state: row.state,
    attempt: row.attempt,
    createdAt: row.createdAt.toISOString(),
    movedAt: row.movedAt.toISOString(),
    dueAt: row.dueAt?.toISOString() ?? null,
    reason: row.reason,
    error: row.errorType === null ? null : { type: row.errorType, message: row.errorMessage },
    key: row.key,
    type: row.type,
    businessKey: row.businessKey,
    contentType: row.contentType,
    headers: row.headers ?? {},
    storedAt: row.storedAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    ...(row.payload !== null && { payloadBase64: row.payload.toString("base64") }),
  };
}
