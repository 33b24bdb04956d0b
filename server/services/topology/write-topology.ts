import { stringify } from "yaml";
import { CHECK_FIELDS } from "../../domain/check-policy.ts";
import { DEFAULT_OUTBOX_TABLE, type OutboxSourceSpec } from "../../domain/outbox-source.ts";
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
export function writeTopology({ apps, topics, outboxSources = [] }: Topology): WrittenTopology {
  const file = {
    ...(apps.length > 0 && { apps: apps.map(appEntry) }),
    ...(topics.length > 0 && { topics: topics.map(topicEntry) }),
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

function topicEntry({ name, partitions, schema, masked }: TopicSpec) {
  return {
    name,
    partitions,
    ...(schema !== null && { schema: schemaPath(name) }),
    ...(masked && { masked }),
  };
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
