import { z } from "zod";
import {
  ACK_MODES,
  GROUP_ID,
  LADDER_LENGTH,
  SUBSCRIPTION_LIMITS,
  SUBSCRIPTION_NAME,
  type SubscriptionSpec,
  completeSubscription,
  faultsOfSubscription,
} from "../../domain/subscription.ts";
import { APP_NAME_RULES, TOPIC_NAME_RULES, brokenRules, isCheckUrl } from "../../domain/registry-rules.ts";

type Limit = { min: number; max: number };
const whole = ({ min, max }: Limit) => z.int().min(min).max(max);
const real = ({ min, max }: Limit) => z.number().min(min).max(max);
const L = SUBSCRIPTION_LIMITS;

/** Seconds with a fraction of a millisecond are no more than milliseconds. */
const seconds = (limit: Limit) => real(limit);

const retry = z.strictObject({
  maxAttempts: whole(L.maxAttempts).optional(),
  firstDelaySeconds: seconds(L.firstDelaySeconds).optional(),
  factor: real(L.factor).optional(),
  maxDelaySeconds: seconds(L.maxDelaySeconds).optional(),
  jitter: real(L.jitter).optional(),
  ladderSeconds: z.array(seconds(L.ladderSeconds)).max(LADDER_LENGTH).optional(),
  ratePerSecond: whole(L.ratePerSecond).nullable().optional(),
  maxInFlight: whole(L.maxInFlight).optional(),
});

const webhook = z.strictObject({
  url: z.string().refine(isCheckUrl, "expected an http or https address"),
  timeoutSeconds: whole(L.timeoutSeconds).optional(),
  concurrency: whole(L.concurrency).optional(),
});

const fields = z.strictObject({
  name: z
    .string()
    .regex(
      SUBSCRIPTION_NAME,
      "expected lower-case letters, digits, '.', '_' and '-', at most 64, beginning with a letter or digit",
    ),
  ack: z.enum(ACK_MODES).optional(),
  app: z
    .string()
    .refine((name) => brokenRules(APP_NAME_RULES, name).length === 0, "expected an app's name")
    .nullable()
    .optional(),
  groupId: z.string().regex(GROUP_ID, "expected letters, digits, '.', '_' and '-', at most 249").optional(),
  ordered: z.boolean().optional(),
  ackTimeoutSeconds: whole(L.ackTimeoutSeconds).optional(),
  retry: retry.optional(),
  deadLetterTopic: z.boolean().optional(),
  webhook: webhook.nullable().optional(),
});

type Given = z.output<typeof fields>;

/** A subscription as a topology file declares it, within its topic: `spec` has nothing left open. */
export function subscriptionOf(topic: string, given: Given): SubscriptionSpec {
  const { webhook: hook, ...rest } = given;
  return completeSubscription({ ...rest, topic, ...(hook && { webhook: hook }) });
}

function refuseFaults(spec: SubscriptionSpec, context: z.RefinementCtx): void {
  for (const { path, message } of faultsOfSubscription(spec))
    context.addIssue({ code: "custom", path, message });
}

/** The form within a topic of the file; faults that depend on the topic's name are found with it. */
export const subscriptionFields = fields.superRefine((given, context) =>
  refuseFaults(subscriptionOf("", given), context),
);

/** A subscription as the console and other callers declare it. */
export const subscriptionForm = fields
  .extend({
    topic: z
      .string()
      .refine((name) => brokenRules(TOPIC_NAME_RULES, name).length === 0, "expected a topic's name"),
  })
  .transform(({ topic, ...given }) => subscriptionOf(topic, given))
  .superRefine(refuseFaults);

/** Of anything that holds a declaration, the declaration alone. */
export function specOf(from: SubscriptionSpec): SubscriptionSpec {
  const { topic, name, ack, app, groupId, ordered, ackTimeoutSeconds, retry, deadLetterTopic, webhook } =
    from;
  return { topic, name, ack, app, groupId, ordered, ackTimeoutSeconds, retry, deadLetterTopic, webhook };
}
