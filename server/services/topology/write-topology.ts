import { stringify } from "yaml";
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
export function writeTopology({ apps, topics }: Topology): WrittenTopology {
  const file = {
    ...(apps.length > 0 && { apps: apps.map(appEntry) }),
    ...(topics.length > 0 && { topics: topics.map(topicEntry) }),
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

function appEntry({ name, checkUrl, checkAfterSeconds, contact }: AppSpec) {
  return {
    name,
    ...(checkUrl !== null && { checkUrl }),
    ...(checkAfterSeconds !== null && { checkAfterSeconds }),
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
