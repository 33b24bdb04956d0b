import type { Message } from "./message-type.ts";

/** Whether a message was stored as committed, in one phase: both times are those of one statement. */
export function wasStoredDecided(message: Pick<Message, "state" | "storedAt" | "decidedAt">): boolean {
  return message.decidedAt?.getTime() === message.storedAt.getTime() && message.state !== "CANCELLED";
}
