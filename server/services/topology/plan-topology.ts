import { isDeepStrictEqual } from "node:util";
import { CHECK_FIELDS } from "../../domain/check-policy.ts";
import type { OutboxSourceSpec } from "../../domain/outbox-source.ts";
import { type SubscriptionSpec, topicsOf } from "../../domain/subscription.ts";
import type { AppSpec, JsonObject, Present, TopicSpec, Topology } from "./topology.ts";

/** One field that differs: as text for a person. `from` is null for something new. */
export interface FieldChange {
  field: string;
  from: string | null;
  to: string;
}

interface Step {
  name: string;
  action: "create" | "change" | "unchanged" | "impossible";
  changes: FieldChange[];
  /** With `impossible`: why and what to do. With `change`: what follows from it, if a person should know. */
  note?: string;
}

export type PlanItem =
  | (Step & { kind: "app"; spec: AppSpec })
  | (Step & { kind: "broker_topic"; spec: TopicSpec })
  | (Step & { kind: "topic"; spec: TopicSpec })
  /** `name` is `<topic>/<name>`; `partitions`: of its own topics. */
  | (Step & { kind: "subscription"; spec: SubscriptionSpec; partitions: number })
  | (Step & { kind: "outbox_source"; spec: OutboxSourceSpec });

/**
 * What has to be done so that everything in `wanted` is there as it says. Pure. Carrying the plan out and planning
 * again yields nothing but `unchanged` (tested as a property).
 *
 * A topic is two items, the broker's first: intake accepts messages for a topic once the store knows it, so it must
 * be there to be relayed to. A smaller number of partitions than the broker has is `impossible`: Kafka cannot shrink.
 * A subscription comes after its topic and after its own topics in the broker, for the same reason.
 */
export function planTopology(wanted: Topology, present: Present): PlanItem[] {
  return [
    ...wanted.apps.map((spec) => planApp(spec, present.apps.get(spec.name))),
    ...wanted.topics.flatMap((spec) => {
      const inBroker = present.brokerTopics.get(spec.name);
      return [planBrokerTopic(spec, inBroker), planTopic(spec, present.topics.get(spec.name))];
    }),
    ...(wanted.subscriptions ?? []).flatMap((spec) => planSubscription(spec, wanted, present)),
    ...(wanted.outboxSources ?? []).map((spec) => planSource(spec, wanted, present)),
  ];
}

function planApp(spec: AppSpec, now: AppSpec | undefined): PlanItem {
  const changes = compare(now, [
    ["checkUrl", now?.checkUrl, spec.checkUrl],
    ["checkAfterSeconds", now?.checkAfterSeconds, spec.checkAfterSeconds],
    ...CHECK_FIELDS.map((field): Row => [`check.${field}`, now?.check[field], spec.check[field]]),
    ["contact", now?.contact, spec.contact],
  ]);
  return { kind: "app", name: spec.name, action: actionOf(now, changes), changes, spec };
}

function planTopic(spec: TopicSpec, now: TopicSpec | undefined): PlanItem {
  const changes = compare(now, [
    ["partitions", now?.partitions, spec.partitions],
    ["schema", now?.schema, spec.schema],
    ["masked", now?.masked, spec.masked],
  ]);
  return { kind: "topic", name: spec.name, action: actionOf(now, changes), changes, spec };
}

const SOURCE_FIELDS = [
  "app",
  "kind",
  "layout",
  "connection",
  "table",
  "topicPattern",
  "orderColumn",
] as const;

function planSource(spec: OutboxSourceSpec, wanted: Topology, present: Present): PlanItem {
  const now = present.outboxSources?.get(spec.name);
  const changes = compare(
    now,
    SOURCE_FIELDS.map((field): Row => [field, now?.[field], spec[field]]),
  );
  const item = { kind: "outbox_source", name: spec.name, changes, spec } as const;
  if (present.apps.has(spec.app) || wanted.apps.some((app) => app.name === spec.app))
    return { ...item, action: actionOf(now, changes) };
  return { ...item, action: "impossible", note: `there is no app ${spec.app}; declare it in the same file` };
}

const SUBSCRIPTION_FIELDS = [
  "ack",
  "app",
  "groupId",
  "ordered",
  "ackTimeoutSeconds",
  "deadLetterTopic",
] as const satisfies readonly (keyof SubscriptionSpec)[];
const RETRY_FIELDS = [
  "maxAttempts",
  "firstDelaySeconds",
  "factor",
  "maxDelaySeconds",
  "jitter",
  "ladderSeconds",
  "ratePerSecond",
  "maxInFlight",
] as const satisfies readonly (keyof SubscriptionSpec["retry"])[];
const WEBHOOK_FIELDS = ["url", "timeoutSeconds", "concurrency"] as const;

/** @returns its own topics in the broker, then itself */
function planSubscription(spec: SubscriptionSpec, wanted: Topology, present: Present): PlanItem[] {
  const path = `${spec.topic}/${spec.name}`;
  const now = present.subscriptions?.get(path);
  const topic = wanted.topics.find(({ name }) => name === spec.topic) ?? present.topics.get(spec.topic);
  const partitions = topic?.partitions ?? 1;
  const changes = compare(now, [
    ...SUBSCRIPTION_FIELDS.map((field): Row => [field, now?.[field], spec[field]]),
    ...RETRY_FIELDS.map((field): Row => [`retry.${field}`, now?.retry[field], spec.retry[field]]),
    ...WEBHOOK_FIELDS.map(
      (field): Row => [
        `webhook.${field}`,
        now ? (now.webhook?.[field] ?? null) : undefined,
        spec.webhook?.[field] ?? null,
      ],
    ),
  ]);
  const item = { kind: "subscription", name: path, changes, spec, partitions } as const;
  const impossible = (note: string): PlanItem[] => [{ ...item, action: "impossible", note }];
  if (topic === undefined) return impossible(`there is no topic ${spec.topic}; declare it in the same file`);
  if (spec.app !== null && !present.apps.has(spec.app) && !wanted.apps.some(({ name }) => name === spec.app))
    return impossible(`there is no app ${spec.app}; declare it in the same file`);
  if (now !== undefined && now.ack !== spec.ack)
    return impossible(
      `it is acknowledged by ${now.ack}, and its deliveries were made for that; remove it and declare it anew, or declare another one`,
    );
  const own = Object.values(topicsOf(spec)).flatMap((name): PlanItem[] => {
    if (name === null) return [];
    const inBroker = present.brokerTopics.get(name);
    // More partitions than its topic has do no harm there.
    if (inBroker !== undefined && inBroker >= partitions) return [];
    return [planBrokerTopic({ name, partitions, schema: null, masked: false }, inBroker)];
  });
  return [...own, { ...item, action: actionOf(now, changes) }];
}

/** What it takes that the broker has a topic with so many partitions. @param present undefined: it does not have it */
export function judgePartitions(wanted: number, present: number | undefined): PlanItem["action"] {
  if (present === undefined) return "create";
  if (present === wanted) return "unchanged";
  return present > wanted ? "impossible" : "change";
}

function planBrokerTopic(spec: TopicSpec, now: number | undefined): PlanItem {
  const item = {
    kind: "broker_topic",
    name: spec.name,
    spec,
    action: judgePartitions(spec.partitions, now),
  } as const;
  if (item.action === "unchanged") return { ...item, changes: [] };
  const from = now === undefined ? null : String(now);
  const changes = [{ field: "partitions", from, to: String(spec.partitions) }];
  if (item.action === "create") return { ...item, changes };
  if (item.action === "impossible")
    return {
      ...item,
      changes,
      note: `the broker has ${now} partitions of this topic and Kafka cannot take partitions away; write partitions: ${now}, or declare a new topic`,
    };
  return {
    ...item,
    changes,
    note: "a key may move to another partition: order per key holds among messages relayed before, and among those relayed after",
  };
}

type Value = string | number | boolean | readonly number[] | JsonObject | null | undefined;
type Row = [field: string, from: Value, to: Value];

function compare(now: object | undefined, rows: Row[]): FieldChange[] {
  if (now === undefined)
    return rows
      .filter(([, , to]) => to !== null && to !== false && !(Array.isArray(to) && to.length === 0))
      .map(([field, , to]) => ({ field, from: null, to: show(to) }));
  return rows
    .filter(([, from, to]) => !isDeepStrictEqual(from, to))
    .map(([field, from, to]) => ({ field, from: show(from), to: show(to) }));
}

function actionOf(now: object | undefined, changes: FieldChange[]): "create" | "change" | "unchanged" {
  if (now === undefined) return "create";
  return changes.length > 0 ? "change" : "unchanged";
}

function show(value: Value): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(", ");
  if (typeof value === "object") return `JSON Schema of ${JSON.stringify(value).length} characters`;
  return String(value);
}
