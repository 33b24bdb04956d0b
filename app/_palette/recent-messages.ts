import { isMessageId } from "@/server/domain/message-id.ts";

/** Most that are kept. */
const KEPT = 6;
const keyOf = (username: string) => `surelay.recent_messages.${username}`;

/** Keeps in this browser that an operator opened a message. What is no message id is not kept. */
export function rememberMessage(username: string, id: string): void {
  if (!isMessageId(id)) return;
  const next = [id, ...recentMessages(username).filter((other) => other !== id)].slice(0, KEPT);
  try {
    localStorage.setItem(keyOf(username), JSON.stringify(next));
  } catch {
    // A browser that keeps nothing offers nothing.
  }
}

/** Ids of messages the operator opened in this browser, the last first. */
export function recentMessages(username: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(username)) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter((id): id is string => typeof id === "string" && isMessageId(id)).slice(0, KEPT);
  } catch {
    return [];
  }
}
