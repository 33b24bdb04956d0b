import {
  type Actor,
  type MessageEvent,
  type MessageState,
  TRANSITIONS,
} from "@/server/domain/message-state.ts";
import type { Message } from "../message-type.ts";

export interface NextStep {
  event: MessageEvent;
  to: MessageState;
  by: readonly Actor[];
}

/** What can happen to a message next, by the state table. Pure. @param now decides what a time to deliver still means */
export function nextSteps({ state, deliverAt }: Pick<Message, "state" | "deliverAt">, now: Date): NextStep[] {
  const later = deliverAt !== null && deliverAt > now;
  return TRANSITIONS.filter((t) => {
    if (t.from !== state) return false;
    if (t.when === "deliverAt is in the future") return later;
    return t.when !== "deliverAt is absent or past" || !later;
  }).map(({ event, to, by }) => ({ event, to, by }));
}
