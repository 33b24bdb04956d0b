import type { MessageListItem } from "./message-list-item.ts";

/** One JSON object a line, newest message first, times in UTC; the names are those of the HTTP API. Pure. */
export function toJsonLines(messages: readonly MessageListItem[]): string {
  return messages
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .map(({ appId: _internal, ...message }) => `${JSON.stringify(message)}\n`)
    .join("");
}
