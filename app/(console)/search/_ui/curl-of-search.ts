import { isMessageId } from "@/server/domain/message-id.ts";
import type { SearchQuery } from "@/server/domain/search-query.ts";
import type { CurlRequest } from "../../../_ui/format-curl.ts";

/**
 * The call of the public API that answers the same, with a key of the app that the messages are of; null when the API
 * cannot answer it. Pure.
 */
export function curlOfSearch(query: SearchQuery): CurlRequest | null {
  const { businessKey, topic, states, app: _app, ...rest } = query;
  const id = (rest.id ?? rest.any)?.toLowerCase();
  if (id !== undefined && isMessageId(id) && Object.keys(query).length === 1)
    return { method: "GET", path: `/v1/messages/${id}` };
  if (Object.keys(rest).length > 0 || Object.keys(query).length === 0) return null;
  const asked = new URLSearchParams();
  if (businessKey !== undefined) asked.set("businessKey", businessKey);
  if (topic !== undefined) asked.set("topic", topic);
  if (states !== undefined) asked.set("state", states.join(","));
  return { method: "GET", path: `/v1/messages${asked.size > 0 ? `?${asked}` : ""}` };
}
