import type { ErrorObject, ValidateFunction } from "ajv";
import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { listMessages, readPayload } from "../../store/find-messages.ts";
import { findTopic } from "../../store/topics.ts";
import { compileSchema } from "../topology/compile-schema.ts";
import type { JsonObject } from "../topology/topology.ts";

/** Newest messages of the topic that a schema is held against, and how many of all messages are looked through for them. */
const RECENT = 50;
const SCAN = 5000;
/** Faults told of one value: the first ones. */
const MOST_FAULTS = 5;
/** A larger payload is passed over: it would be read whole. */
const LARGEST = 256 * 1024;

/** Where in a value, as a JSON pointer, and what is wrong there; values themselves are never repeated. */
export interface SchemaFault {
  path: string;
  message: string;
}

export interface RecentVerdict {
  /** How many of the newest messages were looked at: JSON, not too large. */
  checked: number;
  passed: number;
  /** The newest of those that do not fit. */
  failing: { id: string; storedAt: Date; faults: SchemaFault[] }[];
}

export interface SchemaTrial {
  /** Why it is no schema; null: it is one. */
  fault: string | null;
  /** Of the example; null: none was given, or there is no schema to hold it against. */
  example: { faults: SchemaFault[] } | null;
  /**
   * `masked`: the topic's messages are not looked into. Whether one fits says what it holds, a value at a time with
   * `const`, and who may try schemas need not be who may see payloads.
   */
  recent: RecentVerdict | "masked" | null;
}

/** Reads a schema's text as `apply` reads its file. @throws SurelayError `validation_failed` with the reason */
export function readSchemaText(text: string): JsonObject {
  const read = parse(text);
  if ("fault" in read) throw new SurelayError("validation_failed", `${read.fault}.`);
  return read.schema;
}

/**
 * Holds a schema against an example and against the newest messages of its topic, before anybody stores it.
 * Nothing is written.
 *
 * @param input.topic a declared topic; null: none yet, so there are no messages
 */
export async function trySchema(
  db: Queryable,
  input: { topic: string | null; schema: string; example: string | null },
): Promise<SchemaTrial> {
  const read = parse(input.schema);
  if ("fault" in read) return { fault: read.fault, example: null, recent: null };
  const { validate } = read;
  return {
    fault: null,
    example: input.example === null ? null : { faults: judgeText(validate, input.example) },
    recent: input.topic === null ? null : await judgeRecent(db, validate, input.topic),
  };
}

function parse(text: string): { schema: JsonObject; validate: ValidateFunction } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: `not JSON: ${(error as Error).message}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { fault: "a JSON Schema is a JSON object" };
  const schema = JSON.parse(JSON.stringify(value)) as JsonObject; // -0 is 0 once stored
  const compiled = compileSchema(schema);
  return "fault" in compiled ? compiled : { schema, validate: compiled.validate };
}

function judgeText(validate: ValidateFunction, text: string): SchemaFault[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [{ path: "/", message: "not JSON" }]; // the parser's own words quote the payload
  }
  return judge(validate, value);
}

function judge(validate: ValidateFunction, value: unknown): SchemaFault[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, MOST_FAULTS).map(tell);
}

function tell({ instancePath, message, keyword, params }: ErrorObject): SchemaFault {
  const named = params as { additionalProperty?: string; allowedValues?: unknown[] };
  const detail =
    keyword === "additionalProperties" && named.additionalProperty !== undefined
      ? `: ${JSON.stringify(named.additionalProperty)}`
      : keyword === "enum" && named.allowedValues !== undefined
        ? `: ${JSON.stringify(named.allowedValues)}`
        : "";
  return { path: instancePath || "/", message: `${message ?? keyword}${detail}` };
}

async function judgeRecent(
  db: Queryable,
  validate: ValidateFunction,
  topicName: string,
): Promise<SchemaTrial["recent"]> {
  const topic = await findTopic(db, topicName);
  if (topic === null) return null;
  if (topic.masked) return "masked";
  const page = await listMessages(db, { appId: null, topicId: topic.id, limit: RECENT, scanLimit: SCAN });
  const verdict: RecentVerdict = { checked: 0, passed: 0, failing: [] };
  for (const { id, storedAt, payloadBytes } of page.rows) {
    const bytes = payloadBytes > LARGEST ? null : await readPayload(db, id, LARGEST);
    if (bytes === null) continue;
    verdict.checked += 1;
    const faults = judgeText(validate, bytes.toString("utf8"));
    if (faults.length === 0) verdict.passed += 1;
    else if (verdict.failing.length < MOST_FAULTS) verdict.failing.push({ id, storedAt, faults });
  }
  return verdict;
}

/** What a payload is to its topic's schema. A schema is advice: whatever this says, it may be sent. */
export type PayloadTrial =
  | { kind: "no_schema" }
  /** What is stored does not compile: an older version's, or written past the forms. */
  | { kind: "unusable" }
  | { kind: "judged"; faults: SchemaFault[] };

/** Holds a text against the schema of a declared topic. Nothing is written. */
export async function tryPayload(
  db: Queryable,
  input: { topic: string; payload: string },
): Promise<PayloadTrial> {
  const topic = await findTopic(db, input.topic);
  if (topic === null || topic.schema === null) return { kind: "no_schema" };
  const compiled = compileSchema(topic.schema as JsonObject);
  if ("fault" in compiled) return { kind: "unusable" };
  return { kind: "judged", faults: judgeText(compiled.validate, input.payload) };
}
