import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OperatorError } from "../../errors.ts";
import type { SubscriptionSpec } from "../../domain/subscription.ts";
import { subscriptionOf } from "../subscriptions/subscription-form.ts";
import { compileSchema } from "./compile-schema.ts";
import { parseTopology, type TopologyFault } from "./parse-topology.ts";
import type { JsonObject, Topology, TopicSpec } from "./topology.ts";

/**
 * Reads a topology file and the schema files it names, which are looked for beside it.
 *
 * @throws OperatorError `topology_unreadable`, or `topology_invalid` with every fault and its line
 */
export function loadTopology(path: string): Topology {
  const parsed = parseTopology(readText(path));
  const faults: TopologyFault[] = [...parsed.faults];
  const topics: TopicSpec[] = [];
  const subscriptions: SubscriptionSpec[] = [];
  for (const [index, topic] of (parsed.file?.topics ?? []).entries()) {
    const { schema: schemaPath, subscriptions: declared, ...rest } = topic;
    subscriptions.push(...declared.map((given) => subscriptionOf(topic.name, given)));
    if (schemaPath === undefined) {
      topics.push({ ...rest, schema: null });
      continue;
    }
    const read = readSchema(resolve(dirname(path), schemaPath));
    if ("fault" in read) {
      const place = parsed.placeOf(["topics", index, "schema"]);
      faults.push({ ...place, message: `topics[${index}].schema: ${schemaPath}: ${read.fault}` });
    } else topics.push({ ...rest, schema: read.schema });
  }
  if (parsed.file === null || faults.length > 0) throw invalid(path, faults);
  return { apps: parsed.file.apps, topics, outboxSources: parsed.file.outboxSources, subscriptions };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new OperatorError("topology_unreadable", `${path} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
}

function readSchema(path: string): { schema: JsonObject } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return { fault: error instanceof SyntaxError ? `not JSON: ${error.message}` : reasonOf(error) };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { fault: "a JSON Schema is a JSON object" };
  const schema = JSON.parse(JSON.stringify(value)) as JsonObject; // -0 is 0 once stored
  const compiled = compileSchema(schema);
  return "fault" in compiled ? compiled : { schema };
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES") return "no permission to read it";
  if (code === "EISDIR") return "it is a folder";
  return (error as Error).message;
}

function invalid(path: string, faults: TopologyFault[]): OperatorError {
  const list = faults.map((fault) => `  ${path}:${fault.line}:${fault.column}: ${fault.message}`).join("\n");
  const count = faults.length === 1 ? "a fault" : `${faults.length} faults`;
  return new OperatorError("topology_invalid", `The topology has ${count}; nothing was changed:\n${list}`);
}
