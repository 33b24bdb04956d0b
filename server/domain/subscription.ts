import {
  DEFAULT_ACK_TIMEOUT_SECONDS,
  DEFAULT_SCHEDULE,
  defaultMaxAttempts,
  type RetrySchedule,
} from "../../sdk/contract/retry-schedule.ts";
import { ACK_MODES, type AckMode } from "./delivery-state.ts";
import { TOPIC_NAME_LENGTH } from "./registry-rules.ts";

/** How a subscription's deliveries are tried again, and how fast. */
export interface RetrySettings extends RetrySchedule {
  /** Attempts before a delivery is DEAD; a redrive counts anew. */
  maxAttempts: number;
  /** Most redeliveries per second; null: no limit of its own. */
  ratePerSecond: number | null;
  /** Most redeliveries on their way to the consumer at once. */
  maxInFlight: number;
}

/** Where a subscription of mode `webhook` is told. */
export interface WebhookSettings {
  url: string;
  /** From connecting to the last byte of the answer. */
  timeoutSeconds: number;
  /** Calls under way at once in one process. */
  concurrency: number;
}

/** A subscription as somebody declares it, nothing left open. */
export interface SubscriptionSpec {
  topic: string;
  name: string;
  ack: AckMode;
  /** Whose keys may acknowledge and read its deliveries; null: any key with the scope `consume`. */
  app: string | null;
  /** The Kafka consumer group. */
  groupId: string;
  /** Told to consumers: they retry in place instead of letting later messages of the key pass. */
  ordered: boolean;
  ackTimeoutSeconds: number;
  retry: RetrySettings;
  /** Whether what is DEAD is also written to `<topic>.<name>.dlq`. */
  deadLetterTopic: boolean;
  /** Null unless the mode is `webhook`. */
  webhook: WebhookSettings | null;
}

/** What each number may be; the CHECKs of the table `subscription` hold the same once more. */
export const SUBSCRIPTION_LIMITS = {
  ackTimeoutSeconds: { min: 1, max: 86_400 },
  maxAttempts: { min: 1, max: 1000 },
  firstDelaySeconds: { min: 0, max: 86_400 },
  factor: { min: 1, max: 10 },
  maxDelaySeconds: { min: 0, max: 604_800 },
  jitter: { min: 0, max: 1 },
  ladderSeconds: { min: 0, max: 604_800 },
  ratePerSecond: { min: 1, max: 1_000_000 },
  maxInFlight: { min: 1, max: 1_000_000 },
  timeoutSeconds: { min: 1, max: 300 },
  concurrency: { min: 1, max: 1000 },
} as const;

export { SUBSCRIPTION_NAME } from "../../sdk/contract/subscription-name.ts";
export const SUBSCRIPTION_NAME_LENGTH = 64;
/** Kafka's own rule for names; a group may be named more freely there, but not here. */
export const GROUP_ID = /^[A-Za-z0-9._-]{1,249}$/;
/** Most steps of a ladder. */
export const LADDER_LENGTH = 100;

export const DEFAULT_ACK: AckMode = "explicit";
/** A webhook's delays when it declares none: from seconds to hours. */
export const WEBHOOK_LADDER_SECONDS: readonly number[] = [5, 30, 120, 600, 1800, 7200, 21_600];
export const RETRY_DEFAULTS: RetrySettings = {
  ...DEFAULT_SCHEDULE,
  maxAttempts: defaultMaxAttempts([]),
  ratePerSecond: null,
  maxInFlight: 1000,
};
export const WEBHOOK_DEFAULTS = { timeoutSeconds: 10, concurrency: 8 } as const;

/** What somebody says of a subscription; everything else follows from the mode. */
export type SubscriptionDraft = Pick<SubscriptionSpec, "topic" | "name"> &
  Partial<Omit<SubscriptionSpec, "topic" | "name" | "retry" | "webhook">> & {
    retry?: Partial<RetrySettings>;
    webhook?: Pick<WebhookSettings, "url"> & Partial<WebhookSettings>;
  };

/**
 * The declaration with nothing left open. A ladder, given or a webhook's own, allows one attempt more than it has steps,
 * unless the maximum is given. Pure.
 */
export function completeSubscription(draft: SubscriptionDraft): SubscriptionSpec {
  const ack = draft.ack ?? DEFAULT_ACK;
  return {
    topic: draft.topic,
    name: draft.name,
    ack,
    app: draft.app ?? null,
    groupId: draft.groupId ?? draft.name,
    ordered: draft.ordered ?? false,
    ackTimeoutSeconds: draft.ackTimeoutSeconds ?? DEFAULT_ACK_TIMEOUT_SECONDS,
    retry: completeRetry(ack, draft.retry ?? {}),
    deadLetterTopic: draft.deadLetterTopic ?? false,
    webhook: draft.webhook ? { ...WEBHOOK_DEFAULTS, ...defined(draft.webhook) } : null,
  };
}

/** The rest of a retry policy, as the mode has it. Pure. */
export function completeRetry(ack: AckMode, given: Partial<RetrySettings>): RetrySettings {
  const set = defined(given);
  const spread = set.firstDelaySeconds !== undefined || set.factor !== undefined;
  const ladderSeconds =
    set.ladderSeconds ??
    (ack === "webhook" && !spread ? [...WEBHOOK_LADDER_SECONDS] : RETRY_DEFAULTS.ladderSeconds);
  return { ...RETRY_DEFAULTS, maxAttempts: defaultMaxAttempts(ladderSeconds), ...set, ladderSeconds };
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

/** Topics that belong to a subscription. */
export function retryTopicOf({ topic, name }: Pick<SubscriptionSpec, "topic" | "name">): string {
  return `${topic}.${name}.retry`;
}

export function deadLetterTopicOf({ topic, name }: Pick<SubscriptionSpec, "topic" | "name">): string {
  return `${topic}.${name}.dlq`;
}

/** Topics that have to be in the broker for it: redelivery is for `explicit` only, a webhook is simply called again. */
export function topicsOf(spec: Pick<SubscriptionSpec, "topic" | "name" | "ack" | "deadLetterTopic">): {
  retry: string | null;
  deadLetter: string | null;
} {
  return {
    retry: spec.ack === "explicit" ? retryTopicOf(spec) : null,
    deadLetter: spec.deadLetterTopic ? deadLetterTopicOf(spec) : null,
  };
}

/** What is wrong with a declaration as a whole: field by field it is right. Pure. */
export function faultsOfSubscription(spec: SubscriptionSpec): { path: string[]; message: string }[] {
  const faults: { path: string[]; message: string }[] = [];
  const fault = (path: string[], message: string) => faults.push({ path, message });
  if (retryTopicOf(spec).length > TOPIC_NAME_LENGTH)
    fault(["name"], `${retryTopicOf(spec)} is longer than a topic's name may be (${TOPIC_NAME_LENGTH})`);
  if (spec.ack === "webhook" && spec.webhook === null) fault(["webhook"], "belongs to ack: webhook");
  if (spec.ack !== "webhook" && spec.webhook !== null)
    fault(["webhook"], "belongs to ack: webhook, and to no other");
  if (spec.deadLetterTopic && spec.ack !== "explicit" && spec.ack !== "webhook")
    fault(["deadLetterTopic"], "belongs to ack: explicit or webhook: of the others nothing is ever dead");
  if (spec.ordered && spec.ack === "webhook")
    fault(["ordered"], "webhooks are called independently of each other");
  if (spec.retry.maxDelaySeconds < spec.retry.firstDelaySeconds)
    fault(["retry", "maxDelaySeconds"], "is shorter than firstDelaySeconds");
  return faults;
}

export { ACK_MODES };
export type { AckMode };

/** How a subscription stands, for one word beside its name. */
export const SUBSCRIPTION_STANDINGS = [
  "delivering",
  "idle",
  "paused",
  "fault",
  "disabled",
  "throttled",
  "dead",
] as const;
export type SubscriptionStanding = (typeof SUBSCRIPTION_STANDINGS)[number];

/** What the standing is judged from. */
export interface SubscriptionCircumstances {
  paused: boolean;
  /** One of its own topics cannot be written. */
  fault: boolean;
  /** A webhook that is not called any more. */
  disabled: boolean;
  /** Its own failures hold its redeliveries back, or an operator does. */
  throttled: boolean;
  /** Deliveries that wait for an operator. */
  dead: number;
  /** Deliveries that are on their way or wait for their next attempt, and records its group has not read. */
  open: number;
}

/** What a person has to know first: it is held, it cannot be written to, it is given up, it is held back, it has dead letters. Pure. */
export function judgeSubscription(of: SubscriptionCircumstances): SubscriptionStanding {
  if (of.paused) return "paused";
  if (of.fault) return "fault";
  if (of.disabled) return "disabled";
  if (of.throttled) return "throttled";
  if (of.dead > 0) return "dead";
  return of.open > 0 ? "delivering" : "idle";
}
