import { z } from "zod";
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
import { outboxSourceForm } from "../outbox-sources/source-spec.ts";

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

/** An app as the file and the console declare it. */
export const appForm = z.strictObject({
  name: appName,
  checkUrl: orNull(z.string().refine(isCheckUrl, "expected an http or https address")),
  checkAfterSeconds: orNull(z.int().min(CHECK_AFTER_SECONDS.min).max(CHECK_AFTER_SECONDS.max)),
  contact: orNull(z.string().trim().min(1).max(CONTACT_LENGTH)),
});

export const partitionCount = z.int().min(PARTITIONS.min).max(PARTITIONS.max);

const topic = z.strictObject({
  name: topicName,
  partitions: partitionCount,
  schema: z.string().min(1).optional(),
  masked: z.boolean().default(false),
  subscriptions: z
    .never({
      error: "subscriptions are not tracked by this version yet; leave the section out",
    })
    .optional(),
});

/** The form of a topology file, before the schema files it names are read. */
export const topologyFile = z
  .strictObject({
    apps: z.array(appForm).default([]),
    topics: z.array(topic).default([]),
    outboxSources: z.array(outboxSourceForm).default([]),
  })
  .superRefine((file, context) => {
    refuseTwins("apps", file.apps, context);
    refuseTwins("topics", file.topics, context);
    refuseTwins("outboxSources", file.outboxSources, context);
  });

export type TopologyFile = z.output<typeof topologyFile>;

function refuseTwins(
  section: string,
  entries: { name: string }[],
  context: { addIssue(issue: { code: "custom"; path: PropertyKey[]; message: string }): void },
): void {
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    if (seen.has(entry.name))
      context.addIssue({
        code: "custom",
        path: [section, index, "name"],
        message: `'${entry.name}' stands here a second time`,
      });
    seen.add(entry.name);
  });
}
