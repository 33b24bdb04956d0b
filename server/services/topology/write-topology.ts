import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { CHECK_FIELDS } from "../../domain/check-policy.ts";
import { DEFAULT_OUTBOX_TABLE, type OutboxSourceSpec } from "../../domain/outbox-source.ts";
import { type SubscriptionSpec, WEBHOOK_DEFAULTS, completeSubscription } from "../../domain/subscription.ts";
import type { AppSpec, JsonObject, Topology, TopicSpec } from "./topology.ts";

export interface WrittenTopology {
  /** The text of a topology.yaml. */
  yaml: string;
  /** The schema files that it names, to be put beside it. */
  schemas: { path: string; text: string }[];
}

/**
 * Writes what is declared as a topology file, for whoever wants to keep it under version control. Reading it back yields
 * the same (tested as a property). What is unset is left out. Pure.
 */
export function writeTopology({
  apps,
  topics,
  outboxSources = [],
  subscriptions = [],
}: Topology): WrittenTopology {
  const of = (topic: string) => subscriptions.filter((one) => one.topic === topic);
  const file = {
    ...(apps.length > 0 && { apps: apps.map(appEntry) }),
    ...(topics.length > 0 && { topics: topics.map((topic) => topicEntry(topic, of(topic.name))) }),
    ...(outboxSources.length > 0 && { outboxSources: outboxSources.map(sourceEntry) }),
  };
  const schemas = topics.flatMap(({ name, schema }) =>
    schema === null ? [] : [{ path: schemaPath(name), text: schemaText(schema) }],
  );
  return { yaml: stringify(file), schemas };
}

/** A schema as the console and the file show it. */
export function schemaText(schema: JsonObject): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function schemaPath(topic: string): string {
  return `./${topic}.schema.json`;
}

function appEntry({ name, checkUrl, checkAfterSeconds, check, contact }: AppSpec) {
  const set = CHECK_FIELDS.filter((field) => check[field] !== null);
  return {
    name,
    ...(checkUrl !== null && { checkUrl }),
    ...(checkAfterSeconds !== null && set.length === 0 && { checkAfterSeconds }),
    ...(set.length > 0 && {
      check: {
        ...(checkAfterSeconds !== null && { afterSeconds: checkAfterSeconds }),
        ...Object.fromEntries(set.map((field) => [field, check[field]])),
      },
    }),
    ...(contact !== null && { contact }),
  };
}

function topicEntry(
  { name, partitions, schema, masked }: TopicSpec,
  subscriptions: readonly SubscriptionSpec[],
) {
  return {
    name,
    partitions,
    ...(schema !== null && { schema: schemaPath(name) }),
    ...(masked && { masked }),
    ...(subscriptions.length > 0 && { subscriptions: subscriptions.map(subscriptionEntry) }),
  };
}

/** What is as the mode has it anyway is left out. */
function subscriptionEntry(spec: SubscriptionSpec) {
  const { topic, name, ack, retry, webhook, ...rest } = spec;
  const plain = completeSubscription({ topic, name, ack });
  // Of a ladder alone follows a maximum: a policy that differs is written whole, so that nothing of it follows.
  const differs = !isDeepStrictEqual(retry, plain.retry);
  return {
    name,
    ack,
    ...Object.fromEntries(
      Object.entries(rest).filter(([field, value]) => value !== plain[field as keyof typeof rest]),
    ),
    ...(differs && { retry }),
    ...(webhook !== null && { webhook: { url: webhook.url, ...differing(webhook, WEBHOOK_DEFAULTS) } }),
  };
}

function differing<T extends object>(value: T, plain: Partial<T>): Partial<T> {
  const fields = Object.keys(plain) as (keyof T)[];
  return Object.fromEntries(
    fields.filter((field) => value[field] !== plain[field]).map((field) => [field, value[field]]),
  ) as Partial<T>;
}

function sourceEntry({
  name,
  app,
  kind,
  layout,
  connection,
  table,
  topicPattern,
  orderColumn,
}: OutboxSourceSpec) {
  return {
    name,
    app,
    kind,
    ...(layout !== "surelay" && { layout }),
    connection,
    ...(table !== DEFAULT_OUTBOX_TABLE && { table }),
    ...(topicPattern !== null && { topicPattern }),
    ...(orderColumn !== null && { orderColumn }),
  };
}
