import type { MessageState } from "@/server/domain/message-state.ts";

/** The message list with a filter. */
export function messagesHref(filter: {
  states?: readonly MessageState[];
  app?: string;
  topic?: string;
  held?: boolean;
}): string {
  const params = new URLSearchParams();
  if (filter.states?.length) params.set("state", filter.states.join(","));
  if (filter.held) params.set("held", "true");
  if (filter.topic !== undefined) params.set("topic", filter.topic);
  if (filter.app !== undefined) params.set("app", filter.app);
  const query = params.toString();
  return query === "" ? "/messages" : `/messages?${query}`;
}
