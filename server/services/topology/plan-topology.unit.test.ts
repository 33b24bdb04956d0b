import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_CHECK_SETTINGS } from "../../domain/check-policy.ts";
import type { OutboxSourceSpec } from "../../domain/outbox-source.ts";
import { topicsOf } from "../../domain/subscription.ts";
import { someSubscription } from "../subscriptions/some-subscription.ts";
import { planTopology, type PlanItem } from "./plan-topology.ts";
import type { AppSpec, Present, Topology, TopicSpec } from "./topology.ts";

const names = fc.constantFrom("a", "b", "c", "d");
const app = fc.record<AppSpec>({
  name: names,
  checkUrl: fc.constantFrom(null, "http://127.0.0.1/x", "http://127.0.0.1/y"),
  checkAfterSeconds: fc.constantFrom(null, 1, 30),
  check: fc.constantFrom(NO_CHECK_SETTINGS, { ...NO_CHECK_SETTINGS, factor: 1.5, maxAttempts: 3 }),
  contact: fc.constantFrom(null, "team orders", "+49 30 1234"),
});
const topic = fc.record<TopicSpec>({
  name: names,
  partitions: fc.integer({ min: 1, max: 4 }),
  schema: fc.constantFrom(null, { type: "object" }, { type: "array" }),
  masked: fc.boolean(),
});
/** Topics the broker may have: also the own ones of some subscriptions. */
const inBroker = fc.oneof(
  names,
  fc.tuple(names, names, fc.constantFrom("retry", "dlq")).map(([t, s, own]) => `${t}.${s}.${own}`),
);
const byName = { selector: (entry: { name: string }) => entry.name };
const source = fc.record<OutboxSourceSpec>({
  name: names,
  app: names,
  kind: fc.constantFrom("postgresql", "mysql"),
  layout: fc.constant("debezium"),
  connection: fc.constantFrom("SURELAY_SOURCE_A", "SURELAY_SOURCE_B"),
  table: fc.constant("outbox"),
  topicPattern: fc.constantFrom(null, "x.${routedByValue}"),
  orderColumn: fc.constantFrom(null, "n"),
});
const pathOf = (one: { topic: string; name: string }) => `${one.topic}/${one.name}`;
const subscription = someSubscription({ name: names, topic: names, app: fc.option(names) });
const topology = fc.record<Required<Topology>>({
  apps: fc.uniqueArray(app, byName),
  topics: fc.uniqueArray(topic, byName),
  outboxSources: fc.uniqueArray(source, byName),
  subscriptions: fc.uniqueArray(subscription, { selector: pathOf }),
});
const present = fc
  .tuple(
    topology,
    fc.uniqueArray(fc.tuple(inBroker, fc.integer({ min: 1, max: 4 })), { selector: ([n]) => n }),
  )
  .map<Present>(([store, broker]) => ({
    apps: new Map(store.apps.map((a) => [a.name, a])),
    topics: new Map(store.topics.map((t) => [t.name, t])),
    brokerTopics: new Map(broker),
    outboxSources: new Map(store.outboxSources.map((s) => [s.name, s])),
    subscriptions: new Map(store.subscriptions.map((s) => [pathOf(s), s])),
  }));

/** What the world looks like once these items were carried out. */
function after(items: readonly PlanItem[], before: Present): Present {
  const apps = new Map(before.apps);
  const topics = new Map(before.topics);
  const brokerTopics = new Map(before.brokerTopics);
  const outboxSources = new Map(before.outboxSources);
  const subscriptions = new Map(before.subscriptions);
  for (const item of items) {
    if (item.action === "unchanged" || item.action === "impossible") continue;
    if (item.kind === "app") apps.set(item.name, item.spec);
    else if (item.kind === "topic") topics.set(item.name, item.spec);
    else if (item.kind === "broker_topic") brokerTopics.set(item.name, item.spec.partitions);
    else if (item.kind === "subscription") subscriptions.set(item.name, item.spec);
    else outboxSources.set(item.name, item.spec);
  }
  return { apps, topics, brokerTopics, outboxSources, subscriptions };
}

const isDone = (item: PlanItem) => item.action === "unchanged";

describe("planTopology", () => {
  it("leaves nothing to do once it was carried out", () => {
    fc.assert(
      fc.property(topology, present, (wanted, before) => {
        const plan = planTopology(wanted, before);
        const again = planTopology(wanted, after(plan, before));
        const refused = new Set(
          plan.filter((i) => i.action === "impossible").map((i) => `${i.kind} ${i.name}`),
        );
        return again.every((item) => isDone(item) || refused.has(`${item.kind} ${item.name}`));
      }),
    );
  });

  it("leaves, after any part of it, a plan that does the rest", () => {
    fc.assert(
      fc.property(topology, present, fc.array(fc.boolean()), (wanted, before, lucky) => {
        const plan = planTopology(wanted, before);
        const part = after(
          plan.filter((_, i) => lucky[i]),
          before,
        );
        const whole = after(planTopology(wanted, part), part);
        expect(whole).toEqual(after(plan, before));
      }),
    );
  });

  it("never shrinks a topic and never touches what is not named", () => {
    fc.assert(
      fc.property(topology, present, (wanted, before) => {
        const now = after(planTopology(wanted, before), before);
        for (const [name, partitions] of before.brokerTopics)
          expect(now.brokerTopics.get(name)).toBeGreaterThanOrEqual(partitions);
        for (const [name, spec] of before.apps)
          if (!wanted.apps.some((a) => a.name === name)) expect(now.apps.get(name)).toEqual(spec);
        for (const [name, spec] of before.topics)
          if (!wanted.topics.some((t) => t.name === name)) expect(now.topics.get(name)).toEqual(spec);
        for (const [name, spec] of before.outboxSources ?? [])
          if (!wanted.outboxSources.some((s) => s.name === name))
            expect(now.outboxSources?.get(name)).toEqual(spec);
        for (const [path, spec] of before.subscriptions ?? [])
          if (!wanted.subscriptions.some((s) => pathOf(s) === path))
            expect(now.subscriptions?.get(path)).toEqual(spec);
      }),
    );
  });

  it("puts each topic into the broker before the store knows it", () => {
    fc.assert(
      fc.property(topology, present, (wanted, before) => {
        const declared = new Set(wanted.topics.map((t) => t.name));
        const plan = planTopology(wanted, before).filter(
          ({ kind, name }) => (kind === "broker_topic" && declared.has(name)) || kind === "topic",
        );
        plan.forEach((item, i) => {
          expect(item.kind).toBe(i % 2 === 0 ? "broker_topic" : "topic");
          expect(item.name).toBe(plan[i - (i % 2)]!.name);
        });
      }),
    );
  });

  it("puts a subscription's own topics into the broker before it, and never changes how it is acknowledged", () => {
    fc.assert(
      fc.property(topology, present, (wanted, before) => {
        const plan = planTopology(wanted, before);
        plan.forEach((item, i) => {
          if (item.kind !== "subscription" || item.action === "impossible") return;
          const broker = after(plan.slice(0, i), before).brokerTopics;
          for (const name of Object.values(topicsOf(item.spec)))
            if (name !== null) expect(broker.get(name)).toBeGreaterThanOrEqual(item.partitions);
          const now = before.subscriptions?.get(item.name);
          expect(now?.ack ?? item.spec.ack).toBe(item.spec.ack);
        });
      }),
    );
  });

  it("takes a schema that differs only in the order of its keys for the same", () => {
    const spec = { name: "t", partitions: 1, schema: { a: 1, b: { c: 2, d: 3 } }, masked: false };
    const stored = { ...spec, schema: { b: { d: 3, c: 2 }, a: 1 } };
    const plan = planTopology(
      { apps: [], topics: [spec] },
      { apps: new Map(), topics: new Map([["t", stored]]), brokerTopics: new Map([["t", 1]]) },
    );
    expect(plan.every(isDone)).toBe(true);
  });
});
