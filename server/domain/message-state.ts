/**
 * The life of a message, as one table. The store's statements, the documentation's diagram and the property tests all
 * follow it; a transition that is not a row here does not exist.
 */
export const MESSAGE_STATES = [
  "PREPARED",
  "UNDECIDED",
  "SCHEDULED",
  "READY",
  "SENT",
  "CONSUMED",
  "CANCELLED",
  "REJECTED",
] as const;

export type MessageState = (typeof MESSAGE_STATES)[number];

/**
 * What has been in the broker, or was refused by it. Only this is edited: the content of any other message is not known to
 * be that of a committed transaction, or is still to be sent.
 */
export const EDITABLE_STATES: readonly MessageState[] = ["SENT", "CONSUMED", "REJECTED"];

/** Who may cause an event. */
export type Actor = "producer" | "check_back" | "operator" | "relay" | "recover" | "consumer";

export interface Transition {
  /** The state before; null: the message does not exist yet. */
  from: MessageState | null;
  to: MessageState;
  event: MessageEvent;
  by: readonly Actor[];
  /** What must hold beside the state. */
  when?: "deliverAt is in the future" | "deliverAt is absent or past" | "deliverAt has come";
}

export const MESSAGE_EVENTS = [
  "prepare",
  "send",
  "confirm",
  "cancel",
  "give_up",
  "ask_again",
  "come_due",
  "commit_to_broker",
  "reject",
  "resend",
  "consume",
] as const;

export type MessageEvent = (typeof MESSAGE_EVENTS)[number];

const deciders = ["producer", "check_back", "operator"] as const;
const future = "deliverAt is in the future";
const now = "deliverAt is absent or past";

export const TRANSITIONS: readonly Transition[] = [
  { event: "prepare", from: null, to: "PREPARED", by: ["producer"] },
  { event: "send", from: null, to: "READY", by: ["producer"], when: now },
  { event: "send", from: null, to: "SCHEDULED", by: ["producer"], when: future },
  { event: "confirm", from: "PREPARED", to: "READY", by: deciders, when: now },
  { event: "confirm", from: "PREPARED", to: "SCHEDULED", by: deciders, when: future },
  { event: "cancel", from: "PREPARED", to: "CANCELLED", by: deciders },
  { event: "give_up", from: "PREPARED", to: "UNDECIDED", by: ["check_back"] },
  { event: "ask_again", from: "UNDECIDED", to: "PREPARED", by: ["operator"] },
  { event: "confirm", from: "UNDECIDED", to: "READY", by: deciders, when: now },
  { event: "confirm", from: "UNDECIDED", to: "SCHEDULED", by: deciders, when: future },
  { event: "cancel", from: "UNDECIDED", to: "CANCELLED", by: deciders },
  { event: "come_due", from: "SCHEDULED", to: "READY", by: ["recover"], when: "deliverAt has come" },
  { event: "commit_to_broker", from: "READY", to: "SENT", by: ["relay"] },
  { event: "reject", from: "READY", to: "REJECTED", by: ["relay"] },
  { event: "resend", from: "REJECTED", to: "READY", by: ["operator"] },
  { event: "consume", from: "SENT", to: "CONSUMED", by: ["consumer", "operator"] },
];

/** States that no transition leaves. */
export const TERMINAL_STATES: readonly MessageState[] = MESSAGE_STATES.filter(
  (state) => !TRANSITIONS.some((t) => t.from === state),
);

/** States in which the producer's decision is settled, and how. */
export const CONFIRMED_STATES: readonly MessageState[] = [
  "SCHEDULED",
  "READY",
  "SENT",
  "CONSUMED",
  "REJECTED",
];

export type Outcome =
  | { kind: "moved"; to: MessageState }
  /** The event had its effect before; asking again is fine. */
  | { kind: "settled"; state: MessageState }
  | {
      kind: "refused";
      state: MessageState;
      code: "already_cancelled" | "already_confirmed" | "not_possible";
    };

export interface Situation {
  state: MessageState;
  /** Whether deliverAt lies in the future. */
  deliverLater: boolean;
}

/** What an event does to a message, decided from the table alone. Pure; the SQL must agree with it (tested). */
export function applyEvent(event: Exclude<MessageEvent, "prepare" | "send">, situation: Situation): Outcome {
  const row = TRANSITIONS.find(
    (t) => t.event === event && t.from === situation.state && conditionHolds(t, situation.deliverLater),
  );
  if (row) return { kind: "moved", to: row.to };
  return explainUnmoved(event, situation.state);
}

/** Why an event did not move a message that is in `state`: the answer for zero rows of a guarded statement. */
export function explainUnmoved(
  event: MessageEvent,
  state: MessageState,
): Exclude<Outcome, { kind: "moved" }> {
  if (event === "confirm" && CONFIRMED_STATES.includes(state)) return { kind: "settled", state };
  if (event === "confirm" && state === "CANCELLED")
    return { kind: "refused", state, code: "already_cancelled" };
  if (event === "cancel" && state === "CANCELLED") return { kind: "settled", state };
  if (event === "cancel" && CONFIRMED_STATES.includes(state))
    return { kind: "refused", state, code: "already_confirmed" };
  if (TRANSITIONS.some((t) => t.event === event && t.to === state)) return { kind: "settled", state };
  return { kind: "refused", state, code: "not_possible" };
}

function conditionHolds(transition: Transition, deliverLater: boolean): boolean {
  if (transition.when === undefined) return true;
  return (transition.when === future) === deliverLater;
}
