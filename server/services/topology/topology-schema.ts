import { z } from "zod";
import { CHECK_LIMITS, NO_CHECK_SETTINGS } from "../../domain/check-policy.ts";
import {
  APP_NAME_LENGTH,
  APP_NAME_RULES,
  CHECK_AFTER_SECONDS,
  CONTACT_LENGTH,
  PARTITIONS,
  RESERVED_TOPIC_STARTS,
  TOPIC_NAME_LENGTH,
  TOPIC_NAME_RULES,
  brokenRules,
  isCheckUrl,
} from "../../domain/registry-rules.ts";
import { faultsOfSubscription } from "../../domain/subscription.ts";
import { outboxSourceForm } from "../outbox-sources/source-spec.ts";
import { subscriptionFields, subscriptionOf } from "../subscriptions/subscription-form.ts";

/** A field that may be left out or empty in the file; null then. */
const orNull = <T extends z.ZodType>(form: T) => form.nullish().transform((value) => value ?? null);

/** An app's name. */
export const appName = z
  .string()
  .refine(
    (name) => brokenRules(APP_NAME_RULES, name).length === 0,
    `expected lower-case letters, digits, '.', '_' and '-', at most ${APP_NAME_LENGTH}, beginning with a letter or digit`,
  );

/** A topic's name. */
export const topicName = z
  .string()
  .refine(
    (name) => TOPIC_NAME_RULES.characters(name) && TOPIC_NAME_RULES.length(name),
    `expected letters, digits, '.', '_' and '-', at most ${TOPIC_NAME_LENGTH}`,
  )
  .refine((name) => name !== "." && name !== "..", "'.' and '..' are no topic names")
  .refine(
    (name) => !RESERVED_TOPIC_STARTS.some((start) => name.startsWith(start)),
    `names beginning with ${RESERVED_TOPIC_STARTS.map((start) => `'${start}'`).join(" or ")} are reserved`,
  );

const afterSeconds = orNull(z.int().min(CHECK_AFTER_SECONDS.min).max(CHECK_AFTER_SECONDS.max));
const within = (form: z.ZodNumber, { min, max }: { min: number; max: number }) =>
  orNull(form.min(min).max(max));

/** How an app is asked; what is left out is as the defaults say. */
export const checkForm = z.strictObject({
  factor: within(z.number(), CHECK_LIMITS.factor),
  maxDelaySeconds: within(z.int(), CHECK_LIMITS.maxDelaySeconds),
  maxAttempts: within(z.int(), CHECK_LIMITS.maxAttempts),
  jitter: within(z.number(), CHECK_LIMITS.jitter),
  timeoutSeconds: within(z.int(), CHECK_LIMITS.timeoutSeconds),
  concurrency: within(z.int(), CHECK_LIMITS.concurrency),
});

/** An app as the console declares it; without `check` it is asked as before. */
export const appForm = z.strictObject({
  name: appName,
  checkUrl: orNull(z.string().refine(isCheckUrl, "expected an http or https address")),
  checkAfterSeconds: afterSeconds,
  check: checkForm.optional(),
  contact: orNull(z.string().trim().min(1).max(CONTACT_LENGTH)),
});

/** An app as the file declares it: `check.afterSeconds` and the short `checkAfterSeconds` are the same. */
const app = appForm
  .extend({ check: orNull(checkForm.extend({ afterSeconds })) })
  .refine(({ checkAfterSeconds: short, check }) => short === null || (check?.afterSeconds ?? null) === null, {
    path: ["checkAfterSeconds"],
    message: "is the same as check.afterSeconds; leave one of them out",
  })
  .transform(({ check, checkAfterSeconds: short, ...rest }) => {
    const { afterSeconds, ...settings } = check ?? { ...NO_CHECK_SETTINGS, afterSeconds: null };
    return { ...rest, checkAfterSeconds: short ?? afterSeconds, check: settings };
  });

export const partitionCount = z.int().min(PARTITIONS.min).max(PARTITIONS.max);

const topic = z.strictObject({
  name: topicName,
  partitions: partitionCount,
  schema: z.string().min(1).optional(),
  masked: z.boolean().default(false),
  subscriptions: z.array(subscriptionFields).default([]),
});

/** The form of a topology file, before the schema files it names are read. */
export const topologyFile = z
  .strictObject({
    apps: z.array(app).default([]),
    topics: z.array(topic).default([]),
    outboxSources: z.array(outboxSourceForm).default([]),
  })
  .superRefine((file, context) => {
    refuseTwins("apps", file.apps, context);
    refuseTwins("topics", file.topics, context);
    refuseTwins("outboxSources", file.outboxSources, context);
    file.topics.forEach(({ name, subscriptions }, index) => {
      const place = ["topics", index, "subscriptions"];
      refuseTwins(place, subscriptions, context);
      refuseLongNames(place, name, subscriptions, context);
    });
  });

export type TopologyFile = z.output<typeof topologyFile>;

interface Issues {
  addIssue(issue: { code: "custom"; path: PropertyKey[]; message: string }): void;
}

/** What is wrong with a subscription only because of its topic's name. */
function refuseLongNames(
  place: PropertyKey[],
  topic: string,
  subscriptions: TopologyFile["topics"][number]["subscriptions"],
  context: Issues,
): void {
  subscriptions.forEach((given, index) => {
    for (const { path, message } of faultsOfSubscription(subscriptionOf(topic, given)))
      if (path[0] === "name") context.addIssue({ code: "custom", path: [...place, index, ...path], message });
  });
}

function refuseTwins(section: string | PropertyKey[], entries: { name: string }[], context: Issues): void {
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    if (seen.has(entry.name))
      context.addIssue({
        code: "custom",
        path: [...[section].flat(), index, "name"],
        message: `'${entry.name}' stands here a second time`,
      });
    seen.add(entry.name);
  });
}
