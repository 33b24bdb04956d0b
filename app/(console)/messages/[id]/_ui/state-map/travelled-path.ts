import { type MessageState, TRANSITIONS } from "@/server/domain/message-state.ts";
import { wasStoredDecided } from "../stored-decided.ts";
import type { Message } from "../message-type.ts";

/** A place on the way; null: before the message was stored. */
export type Place = MessageState | null;

type Known = Pick<Message, "state" | "storedAt" | "decidedAt" | "deliverAt" | "movedAt" | "events">;

/**
 * The states a message went through, first to last, beginning with null: its times and recorded events name some of them,
 * the state table the ones between. Pure.
 */
export function travelledPath(message: Known): Place[] {
  const walk: Place[] = [null];
  for (const place of knownPlaces(message)) walk.push(...stepsBetween(walk.at(-1)!, place));
  return walk;
}

function knownPlaces(message: Known): MessageState[] {
  const { state, decidedAt, deliverAt, movedAt, events } = message;
  const places: MessageState[] = wasStoredDecided(message) ? [] : ["PREPARED"];
  for (const { kind, detail } of events)
    if (kind === "asked_again" && detail?.from === "UNDECIDED") places.push("UNDECIDED", "PREPARED");
  // A confirm and a cancel leave it standing; what moved the message before it was decided was the giving up.
  const gaveUp = decidedAt !== null && movedAt !== null && movedAt < decidedAt;
  if (gaveUp || events.some((e) => isForced(e.kind) && e.detail?.from === "UNDECIDED"))
    places.push("UNDECIDED");
  if (decidedAt !== null && state !== "CANCELLED") {
    if (deliverAt !== null && deliverAt > decidedAt) places.push("SCHEDULED");
    if (state !== "SCHEDULED") places.push("READY");
    for (const event of events) {
      if (event.kind === "rejected") places.push("REJECTED");
      if (event.kind === "resend_asked" && event.detail?.from === "REJECTED") places.push("READY");
    }
  }
  return [...places, state];
}

const isForced = (kind: string) => kind === "forced_confirm" || kind === "forced_cancel";

/** The shortest way by the table, without `from`; straight there if the table knows none. */
function stepsBetween(from: Place, to: MessageState): MessageState[] {
  if (from === to) return [];
  const ways: { at: Place; steps: MessageState[] }[] = [{ at: from, steps: [] }];
  const seen = new Set<Place>([from]);
  for (const { at, steps } of ways) {
    for (const { from: origin, to: next } of TRANSITIONS) {
      if (origin !== at || seen.has(next)) continue;
      if (next === to) return [...steps, to];
      seen.add(next);
      ways.push({ at: next, steps: [...steps, next] });
    }
  }
  return [to];
}
