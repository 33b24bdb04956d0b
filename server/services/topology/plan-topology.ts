import { isDeepStrictEqual } from "node:util";
import { CHECK_FIELDS } from "../../domain/check-policy.ts";
import type { OutboxSourceSpec } from "../../domain/outbox-source.ts";
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
  | (Step & { kind: "outbox_source"; spec: OutboxSourceSpec });

/**
 * What has to be done so that everything in `wanted` is there as it says. Pure. Carrying the plan out and planning
 * again yields nothing but `unchanged` (tested as a property).
 *
 * A topic is two items, the broker's first: intake accepts messages for a topic once the store knows it, so it must
 * be there to be relayed to. A smaller number of partitions than the broker has is `impossible`: Kafka cannot shrink.
 */
export function planTopology(wanted: Topology, present: Present): PlanItem[] {
  return [
    ...wanted.apps.map((spec) => planApp(spec, present.apps.get(spec.name))),
    ...wanted.topics.flatMap((spec) => {
      const inBroker = present.brokerTopics.get(spec.name);
      return [planBrokerTopic(spec, inBroker), planTopic(spec, present.topics.get(spec.name))];
    }),
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

type Value = string | number | boolean | JsonObject | null | undefined;
type Row = [field: string, from: Value, to: Value];

function compare(now: object | undefined, rows: Row[]): FieldChange[] {
  if (now === undefined)
    return rows
      .filter(([, , to]) => to !== null && to !== false)
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
  if (typeof value === "object") return `JSON Schema of ${JSON.stringify(value).length} characters`;
  return String(value);
}
