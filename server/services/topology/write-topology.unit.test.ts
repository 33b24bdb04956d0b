import fc from "fast-check";
import { expect, it } from "vitest";
import { CHECK_LIMITS, type CheckSettings } from "../../domain/check-policy.ts";
import { parseTopology } from "./parse-topology.ts";
import type { OutboxSourceSpec } from "../../domain/outbox-source.ts";
import type { AppSpec, TopicSpec } from "./topology.ts";
import { someSubscription } from "../subscriptions/some-subscription.ts";
import { subscriptionOf } from "../subscriptions/subscription-form.ts";
import { writeTopology } from "./write-topology.ts";

const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
const apps = fc.uniqueArray(
  fc.record<AppSpec>({
    name,
    checkUrl: fc.constantFrom(null, "https://orders.example.com/check?a=1#b"),
    checkAfterSeconds: fc.option(fc.integer({ min: 1, max: 86_400 })),
    check: fc.record<CheckSettings>({
      factor: fc.option(fc.double({ ...CHECK_LIMITS.factor, noNaN: true })),
      maxDelaySeconds: fc.option(fc.integer(CHECK_LIMITS.maxDelaySeconds)),
      maxAttempts: fc.option(fc.integer(CHECK_LIMITS.maxAttempts)),
      jitter: fc.option(fc.double({ ...CHECK_LIMITS.jitter, noNaN: true })),
      timeoutSeconds: fc.option(fc.integer(CHECK_LIMITS.timeoutSeconds)),
      concurrency: fc.option(fc.integer(CHECK_LIMITS.concurrency)),
    }),
    contact: fc.option(fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/)),
  }),
  { selector: (app) => app.name },
);
const topics = fc.uniqueArray(
  fc.record<TopicSpec>({
    name,
    partitions: fc.integer({ min: 1, max: 10_000 }),
    schema: fc.option(fc.constant({ type: "object" })),
    masked: fc.boolean(),
  }),
  { selector: (topic) => topic.name },
);

const sources = fc.uniqueArray(
  fc
    .record<OutboxSourceSpec>({
      name,
      app: name,
      kind: fc.constantFrom("postgresql", "mysql"),
      layout: fc.constantFrom("surelay", "debezium"),
      connection: fc.stringMatching(/^SURELAY_SOURCE_[A-Z0-9_]{1,20}$/),
      table: fc.constantFrom("surelay_outbox", "shop.outbox", "Outbox_2"),
      topicPattern: fc.constantFrom(null, "${routedByValue}", "shop.${routedByValue}.events"),
      orderColumn: fc.constantFrom(null, "created_at"),
    })
    .map((source) =>
      source.layout === "debezium" ? source : { ...source, topicPattern: null, orderColumn: null },
    ),
  { selector: (source) => source.name },
);

const subscriptions = fc.uniqueArray(
  someSubscription({ name, topic: fc.constant(""), app: fc.option(name) }),
  { selector: (one) => one.name, maxLength: 4 },
);

it("is read back as what was written", () => {
  fc.assert(
    fc.property(apps, topics, sources, subscriptions, (apps, topics, outboxSources, some) => {
      const subscribed = topics.flatMap(({ name: topic }, i) =>
        some.slice(i % 3).map((one) => ({ ...one, topic })),
      );
      const { yaml, schemas } = writeTopology({ apps, topics, outboxSources, subscriptions: subscribed });
      if (apps.length + topics.length + outboxSources.length === 0) return;
      const { file, faults } = parseTopology(yaml);
      expect(faults).toEqual([]);
      expect(file!.apps).toEqual(apps);
      const texts = new Map(schemas.map(({ path, text }) => [path, text]));
      expect(
        file!.topics.flatMap((topic) => topic.subscriptions.map((one) => subscriptionOf(topic.name, one))),
      ).toEqual(subscribed);
      const read = file!.topics.map(({ schema, subscriptions: _apart, ...rest }) => ({
        ...rest,
        schema: schema === undefined ? null : (JSON.parse(texts.get(schema)!) as object),
      }));
      expect(read).toEqual(topics);
      expect(file!.outboxSources).toEqual(outboxSources);
    }),
  );
});
