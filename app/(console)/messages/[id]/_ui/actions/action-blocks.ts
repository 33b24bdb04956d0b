import { EDITABLE_STATES, type MessageState, TRANSITIONS } from "@/server/domain/message-state.ts";
import type { Message } from "../message-type.ts";

/** Whether an operator may still decide in the producer's place, by the state table. */
export function canDecide({ state }: Pick<Message, "state">): boolean {
  return TRANSITIONS.some((t) => t.from === state && t.event === "confirm" && t.by.includes("operator"));
}

const WAITS = {
  PREPARED: "undecided",
  UNDECIDED: "undecided",
  SCHEDULED: "scheduled",
  READY: "ready",
  CANCELLED: "cancelled",
} as const;

export type ResendBlock = "asked" | (typeof WAITS)[keyof typeof WAITS];

/** Why a message cannot be sent again just now; null: it can. */
export function resendBlock(message: Pick<Message, "state" | "openResend">): ResendBlock | null {
  if (message.openResend !== null) return "asked";
  return (WAITS as Partial<Record<MessageState, ResendBlock>>)[message.state] ?? null;
}

/** Whether a message is nothing to edit: what was never sent nor refused has nothing to be sent anew of. */
export function editBlock({ state }: Pick<Message, "state">): boolean {
  return !EDITABLE_STATES.includes(state);
}
