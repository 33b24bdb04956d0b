import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

export type MessageListPage = inferRouterOutputs<AppRouter>["messages"]["list"];
export type MessageListItem = MessageListPage["items"][number];

export const keyOfMessage = (message: MessageListItem) => message.id;

/** Ids are by time, so the greater is the newer and stands above. */
export const isAbove = (message: MessageListItem, other: MessageListItem) => message.id > other.id;

/** A row whose message has moved on since it was read. What was true of the old state alone is left out. Pure. */
export function moveTo(message: MessageListItem, state: MessageListItem["state"]): MessageListItem {
  if (message.state === state) return message;
  return { ...message, state, heldAt: null, checkAt: null, reason: null };
}
