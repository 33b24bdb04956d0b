import { TRACKED_ACK_MODES, type AckMode } from "@/server/domain/delivery-state.ts";
import { isCheckUrl } from "@/server/domain/registry-rules.ts";
import {
  GROUP_ID,
  LADDER_LENGTH,
  RETRY_DEFAULTS,
  SUBSCRIPTION_LIMITS,
  SUBSCRIPTION_NAME,
  type SubscriptionSpec,
  WEBHOOK_DEFAULTS,
  completeRetry,
  completeSubscription,
} from "@/server/domain/subscription.ts";
import { parseLadder, printLadder } from "./ladder-text.ts";

/** Fields that hold a number, "" while nothing is typed. */
export const NUMBER_FIELDS = [
  "ackTimeoutSeconds",
  "maxAttempts",
  "firstDelaySeconds",
  "factor",
  "maxDelaySeconds",
  "jitter",
  "ratePerSecond",
  "maxInFlight",
  "timeoutSeconds",
  "concurrency",
] as const satisfies (keyof typeof SUBSCRIPTION_LIMITS)[];
export type NumberField = (typeof NUMBER_FIELDS)[number];
/** Those that take fractions, too. */
const FRACTIONS: readonly NumberField[] = ["firstDelaySeconds", "factor", "maxDelaySeconds", "jitter"];

/** What the form of a subscription holds: texts and numbers as typed. */
export type SubscriptionForm = Record<NumberField, number | string> & {
  topic: string;
  name: string;
  ack: AckMode;
  app: string;
  groupId: string;
  ordered: boolean;
  schedule: "exponential" | "ladder";
  ladder: string;
  deadLetterTopic: boolean;
  url: string;
};

export type FormField = keyof SubscriptionForm;

/** @param topic what the form begins with; "" for none */
export function emptyForm(topic: string): SubscriptionForm {
  return { ...formOf(completeSubscription({ topic, name: "" })), groupId: "" };
}

export function formOf(spec: SubscriptionSpec): SubscriptionForm {
  const { retry, webhook } = spec;
  return {
    topic: spec.topic,
    name: spec.name,
    ack: spec.ack,
    app: spec.app ?? "",
    groupId: spec.groupId === spec.name ? "" : spec.groupId,
    ordered: spec.ordered,
    ackTimeoutSeconds: spec.ackTimeoutSeconds,
    schedule: retry.ladderSeconds.length > 0 ? "ladder" : "exponential",
    ladder: printLadder(retry.ladderSeconds),
    maxAttempts: retry.maxAttempts,
    firstDelaySeconds: retry.firstDelaySeconds,
    factor: retry.factor,
    maxDelaySeconds: retry.maxDelaySeconds,
    jitter: retry.jitter,
    ratePerSecond: retry.ratePerSecond ?? "",
    maxInFlight: retry.maxInFlight,
    deadLetterTopic: spec.deadLetterTopic,
    url: webhook?.url ?? "",
    timeoutSeconds: webhook?.timeoutSeconds ?? WEBHOOK_DEFAULTS.timeoutSeconds,
    concurrency: webhook?.concurrency ?? WEBHOOK_DEFAULTS.concurrency,
  };
}

/** The form as it would be declared: what its mode does not know is left at its default. Pure. */
export function specFrom(form: SubscriptionForm): SubscriptionSpec {
  const { topic, name, ack } = form;
  const groupId = form.groupId.trim() || name;
  const whose = { topic, name, ack, app: form.app || null, groupId };
  if (!isTrackedMode(ack)) return completeSubscription(whose);
  return {
    ...whose,
    ordered: ack === "explicit" && form.ordered,
    ackTimeoutSeconds: Number(form.ackTimeoutSeconds),
    retry: {
      maxAttempts: Number(form.maxAttempts),
      firstDelaySeconds: Number(form.firstDelaySeconds),
      factor: Number(form.factor),
      maxDelaySeconds: Number(form.maxDelaySeconds),
      jitter: Number(form.jitter),
      ladderSeconds: form.schedule === "ladder" ? (parseLadder(form.ladder) ?? []) : [],
      ratePerSecond: form.ratePerSecond === "" ? null : Number(form.ratePerSecond),
      maxInFlight: Number(form.maxInFlight),
    },
    deadLetterTopic: form.deadLetterTopic,
    webhook:
      ack === "webhook"
        ? {
            url: form.url.trim(),
            timeoutSeconds: Number(form.timeoutSeconds),
            concurrency: Number(form.concurrency),
          }
        : null,
  };
}

export const isTrackedMode = (ack: AckMode): boolean =>
  (TRACKED_ACK_MODES as readonly string[]).includes(ack);

/** The numbers that a form's mode and schedule ask for, in their order. */
export function numbersOf(form: Pick<SubscriptionForm, "ack" | "schedule">): NumberField[] {
  if (!isTrackedMode(form.ack)) return [];
  const growing = ["firstDelaySeconds", "factor", "maxDelaySeconds"];
  const explicit = ["ackTimeoutSeconds"];
  const webhook = ["timeoutSeconds", "concurrency"];
  return NUMBER_FIELDS.filter(
    (field) =>
      (form.schedule === "exponential" || !growing.includes(field)) &&
      (form.ack === "explicit" || !explicit.includes(field)) &&
      (form.ack === "webhook" || !webhook.includes(field)),
  );
}

/** The fields that cannot be declared as they stand. Pure. */
export function faultsOf(form: SubscriptionForm): Set<FormField> {
  const faults = new Set<FormField>();
  if (form.topic === "") faults.add("topic");
  if (!SUBSCRIPTION_NAME.test(form.name)) faults.add("name");
  if (form.groupId.trim() !== "" && !GROUP_ID.test(form.groupId.trim())) faults.add("groupId");
  for (const field of numbersOf(form)) if (isFaultyNumber(field, form[field])) faults.add(field);
  if (!isTrackedMode(form.ack)) return faults;
  if (form.schedule === "ladder") {
    const steps = parseLadder(form.ladder);
    const { max } = SUBSCRIPTION_LIMITS.ladderSeconds;
    const fits = steps !== null && steps.length > 0 && steps.length <= LADDER_LENGTH;
    if (!fits || steps.some((seconds) => seconds > max)) faults.add("ladder");
  } else if (Number(form.maxDelaySeconds) < Number(form.firstDelaySeconds)) faults.add("maxDelaySeconds");
  if (form.ack === "webhook" && !isCheckUrl(form.url.trim())) faults.add("url");
  return faults;
}

function isFaultyNumber(field: NumberField, typed: number | string): boolean {
  if (typed === "") return field !== "ratePerSecond";
  const value = Number(typed);
  const { min, max } = SUBSCRIPTION_LIMITS[field];
  return !(value >= min && value <= max && (FRACTIONS.includes(field) || Number.isInteger(value)));
}

/** Another mode: a schedule that was the old mode's own becomes the new one's. Pure. */
export function changeMode(form: SubscriptionForm, ack: AckMode): SubscriptionForm {
  const own = (mode: AckMode) => completeRetry(mode, {});
  const before = specFrom({ ...form, ack: "explicit" }).retry;
  const untouched =
    JSON.stringify(before.ladderSeconds) === JSON.stringify(own(form.ack).ladderSeconds) &&
    before.maxAttempts === own(form.ack).maxAttempts &&
    before.firstDelaySeconds === RETRY_DEFAULTS.firstDelaySeconds &&
    before.factor === RETRY_DEFAULTS.factor;
  if (!untouched) return { ...form, ack };
  const { ladderSeconds, maxAttempts } = own(ack);
  return {
    ...form,
    ack,
    schedule: ladderSeconds.length > 0 ? "ladder" : "exponential",
    ladder: printLadder(ladderSeconds),
    maxAttempts,
  };
}
