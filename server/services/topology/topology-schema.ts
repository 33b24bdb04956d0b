import { z } from "zod";

/** Beginnings of topic names that are the service's own or Kafka's own. */
const RESERVED = ["surelay.", "__"];

const appName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    "expected lower-case letters, digits, '.', '_' and '-', at most 64, beginning with a letter or digit",
  );

const topicName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,249}$/, "expected letters, digits, '.', '_' and '-', at most 249")
  .refine((name) => name !== "." && name !== "..", "'.' and '..' are no topic names")
  .refine(
    (name) => !RESERVED.some((start) => name.startsWith(start)),
    `names beginning with ${RESERVED.map((start) => `'${start}'`).join(" or ")} are reserved`,
  );

const app = z.strictObject({
  name: appName,
  checkUrl: z
    .url({ protocol: /^https?$/, error: "expected an http or https address" })
    .nullish()
    .transform((value) => value ?? null),
  checkAfterSeconds: z
    .int()
    .min(1)
    .max(86_400)
    .nullish()
    .transform((value) => value ?? null),
});

const topic = z.strictObject({
  name: topicName,
  partitions: z.int().min(1).max(10_000),
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
    apps: z.array(app).default([]),
    topics: z.array(topic).default([]),
  })
  .superRefine((file, context) => {
    refuseTwins("apps", file.apps, context);
    refuseTwins("topics", file.topics, context);
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
