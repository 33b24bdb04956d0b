/**
 * The life of a delivery: one message for one subscription of the modes `explicit` and `webhook`. One table, which the
 * store's statements, the documentation's diagram and the tests follow; a transition that is not a row here does not exist.
 */
export const DELIVERY_STATES = ["PENDING", "WAITING", "ACKED", "DEAD", "DISCARDED"] as const;

export type DeliveryState = (typeof DELIVERY_STATES)[number];

export type DeliveryActor = "relay" | "consumer" | "recover" | "notify" | "operator" | "sweep";

export const DELIVERY_EVENTS = [
  "deliver",
  "ack",
  "retry",
  "reject",
  "time_out",
  "fail",
  "give_up",
  "redeliver",
  "refuse",
  "redrive",
  "retry_now",
  "discard",
] as const;

export type DeliveryEvent = (typeof DELIVERY_EVENTS)[number];

export interface DeliveryTransition {
  /** The state before; null: the delivery does not exist yet. */
  from: DeliveryState | null;
  to: DeliveryState;
  event: DeliveryEvent;
  by: readonly DeliveryActor[];
  /** What must hold beside the state. */
  when?:
    | "attempts are left"
    | "attempts are used up"
    /** The consumer was faster than the statement that marks the message SENT, or reads from before its subscription. */
    | "it was not made yet: the message is not marked SENT, or older than the subscription"
    /** Its record stands in the queue `resend`: due_at is null. */
    | "redelivery is queued";
}

const early = "it was not made yet: the message is not marked SENT, or older than the subscription";
const left = "attempts are left";
const usedUp = "attempts are used up";
const failures = [
  { event: "retry", by: ["consumer"] },
  { event: "time_out", by: ["recover"] },
  { event: "fail", by: ["notify"] },
] as const;

export const DELIVERY_TRANSITIONS: readonly DeliveryTransition[] = [
  { event: "deliver", from: null, to: "PENDING", by: ["relay"] },
  { event: "ack", from: null, to: "ACKED", by: ["consumer"], when: early },
  { event: "retry", from: null, to: "WAITING", by: ["consumer"], when: early },
  { event: "reject", from: null, to: "DEAD", by: ["consumer"], when: early },
  { event: "ack", from: "PENDING", to: "ACKED", by: ["consumer", "notify"] },
  ...failures.flatMap(({ event, by }): DeliveryTransition[] => [
    { event, from: "PENDING", to: "WAITING", by, when: left },
    { event, from: "PENDING", to: "DEAD", by, when: usedUp },
  ]),
  { event: "reject", from: "PENDING", to: "DEAD", by: ["consumer", "notify"] },
  { event: "redeliver", from: "WAITING", to: "PENDING", by: ["relay"], when: "redelivery is queued" },
  { event: "refuse", from: "WAITING", to: "DEAD", by: ["relay"], when: "redelivery is queued" },
  // Its maximum was lowered while it waited.
  { event: "give_up", from: "WAITING", to: "DEAD", by: ["recover"], when: usedUp },
  // A late answer to an attempt that timed out, or to a redelivery that is not marked yet; a webhook that is called again.
  { event: "ack", from: "WAITING", to: "ACKED", by: ["consumer", "notify"] },
  { event: "retry", from: "WAITING", to: "WAITING", by: ["consumer"], when: left },
  { event: "retry", from: "WAITING", to: "DEAD", by: ["consumer"], when: usedUp },
  { event: "reject", from: "WAITING", to: "DEAD", by: ["consumer", "notify"] },
  // A webhook is called when it is due: the claim is a lease and no transition.
  { event: "fail", from: "WAITING", to: "WAITING", by: ["notify"], when: left },
  { event: "fail", from: "WAITING", to: "DEAD", by: ["notify"], when: usedUp },
  { event: "retry_now", from: "WAITING", to: "WAITING", by: ["operator"] },
  // It was done in effect, however late that is said.
  { event: "ack", from: "DEAD", to: "ACKED", by: ["consumer", "notify"] },
  { event: "redrive", from: "DEAD", to: "WAITING", by: ["operator"] },
  ...(["PENDING", "WAITING", "DEAD"] as const).map(
    (from): DeliveryTransition => ({ event: "discard", from, to: "DISCARDED", by: ["operator", "sweep"] }),
  ),
];

/** States that no transition leaves, and that a message's CONSUMED waits for. */
export const SETTLED_DELIVERY_STATES: readonly DeliveryState[] = DELIVERY_STATES.filter(
  (state) => !DELIVERY_TRANSITIONS.some((t) => t.from === state),
);

/** Where an event may lead from a state; empty: it changes nothing there. */
export function deliveryTargets(event: DeliveryEvent, from: DeliveryState | null): DeliveryState[] {
  return DELIVERY_TRANSITIONS.filter((t) => t.event === event && t.from === from).map((t) => t.to);
}

/** How a subscription's consumers acknowledge. */
export const ACK_MODES = ["explicit", "offset", "webhook", "none"] as const;

export type AckMode = (typeof ACK_MODES)[number];

/** Modes that have a delivery for each message. */
export const TRACKED_ACK_MODES = ["explicit", "webhook"] as const satisfies readonly AckMode[];

/** What a row of `delivery_attempt` says happened, and who says so. */
export const DELIVERY_ATTEMPT_KINDS = {
  retry: { by: "consumer", means: "the consumer could not handle it and asked for another attempt" },
  rejected: {
    by: "consumer, notify",
    means: "the consumer will never be able to handle it, or its webhook is gone",
  },
  timed_out: { by: "recover", means: "no acknowledgement came before the deadline" },
  crashed: { by: "consumer", means: "the consumer's process ended while it handled it" },
  failed: { by: "notify", means: "the call of the webhook failed" },
  redelivered: { by: "relay", means: "a further attempt is committed in the broker" },
  redelivery_refused: { by: "relay", means: "the broker refuses the further attempt for good" },
  dead_lettered: { by: "relay", means: "its dead letter is committed in the broker" },
  dead_letter_refused: { by: "relay", means: "the broker refuses its dead letter for good" },
  dead: { by: "recover, notify", means: "given up: its attempts are used up" },
  acked_late: { by: "consumer, notify", means: "acknowledged after it had been given up" },
  redriven: { by: "operator", means: "sent off anew; the maximum of attempts counts from here" },
  discarded: { by: "operator", means: "not to be delivered any more" },
  retried_now: { by: "operator", means: "due at once instead of when its time came" },
} as const;

export type DeliveryAttemptKind = keyof typeof DELIVERY_ATTEMPT_KINDS;
