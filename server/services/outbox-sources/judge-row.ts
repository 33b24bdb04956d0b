import { laneOf } from "../../domain/lane.ts";
import { isMessageId, judgeMessageId, newMessageId } from "../../domain/message-id.ts";
import { type OutboxSourceSpec, routedTopic } from "../../domain/outbox-source.ts";
import { SurelayError } from "../../errors.ts";
import type { SourceRow } from "../../sources/outbox-table.ts";
import { JsonFault, JsonScanner } from "../intake/json-scanner.ts";
import type { Submission } from "../intake/judge-repeat.ts";
import type { IntakeLimits } from "../intake/limits.ts";
import { readHeaders } from "../intake/parse-fields.ts";
import { unknownTopic } from "../intake/topic-ids.ts";

/** What a row is judged by. */
export interface RowContext {
  spec: OutboxSourceSpec;
  appId: number;
  lanes: number;
  limits: IntakeLimits;
  nowMs: number;
  /** Undefined: nobody declared such a topic. */
  topicId(name: string): number | undefined;
}

/** Kafka's own consumers of Debezium's records tell repetitions by a header of this name. */
const DEBEZIUM_ID_HEADER = "id";

/** The topic that a row is meant for. */
export function topicOf(spec: OutboxSourceSpec, row: Pick<SourceRow, "route">): string {
  return spec.layout === "surelay" ? row.route : routedTopic(spec.topicPattern, row.route);
}

/**
 * A row as the message it becomes, by the rules that intake holds messages against; an empty text counts as none. Pure but for
 * the id that it makes for a row whose own cannot be a message's.
 *
 * @returns SurelayError `validation_failed`, `payload_too_large`: it cannot become one as it is
 */
export function judgeRow(row: SourceRow, context: RowContext): Submission | SurelayError {
  try {
    return submissionOf(row, context);
  } catch (error) {
    if (error instanceof SurelayError) return error;
    if (error instanceof JsonFault) return refused(`headers are not JSON: ${error.message}`);
    throw error;
  }
}

function submissionOf(row: SourceRow, context: RowContext): Submission {
  const { spec, limits, appId, lanes } = context;
  const topic = topicOf(spec, row);
  const topicId = context.topicId(topic);
  const { id, verdict } = identityOf(row, context);
  if (topicId === undefined) throw unknownTopic(topic.slice(0, 249), id);
  const key = textOf("key", row.key, limits.keyBytes);
  return {
    id,
    verdict,
    appId,
    topicId,
    lane: laneOf(topic, key, id, lanes),
    key,
    type: textOf("type", row.type, 255 * 4, 255),
    businessKey: textOf("businessKey", row.businessKey, limits.keyBytes),
    contentType: contentTypeOf(row),
    headers: headersOf(row, context),
    traceparent: row.traceparent !== null && TRACEPARENT.test(row.traceparent) ? row.traceparent : null,
    payload: payloadOf(row, limits),
    deliverAt: deliverAtOf(row),
    checkAfterSeconds: limits.checkAfterSeconds,
  };
}

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * In Debezium's layout any id will do: one that is no message id is replaced by a new one. That such a row is stored once
 * is not told by its id, but by the mark that stands in the same transaction (server/store/outbox-progress.ts).
 */
function identityOf(row: SourceRow, { spec, limits, nowMs }: RowContext): Pick<Submission, "id" | "verdict"> {
  const id = row.id.toLowerCase();
  const window = { pastSeconds: limits.idPastSeconds, futureSeconds: limits.idFutureSeconds };
  const verdict = isMessageId(id) ? judgeMessageId(id, nowMs, window) : null;
  if (verdict === "ok") return { id, verdict };
  if (spec.layout === "debezium") return { id: newMessageId(), verdict: "ok" };
  if (verdict === null) throw refused(`the id ${JSON.stringify(row.id.slice(0, 64))} is not a UUIDv7`);
  return { id, verdict };
}

function textOf(
  field: string,
  text: string | null,
  maxBytes: number,
  maxCharacters = maxBytes,
): string | null {
  if (text === null || text === "") return null;
  if (text.includes("\0")) throw refused(`${field} holds the character U+0000, which cannot be stored`);
  if (text.length > maxCharacters) throw refused(`${field} is longer than ${maxCharacters} characters`);
  if (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)
    throw refused(`${field} has more than ${maxBytes} bytes`);
  return text;
}

function contentTypeOf(row: SourceRow): string {
  const contentType = textOf("contentType", row.contentType, 255) ?? "application/json";
  if (!/^[\x20-\x7e]+$/.test(contentType)) throw refused("contentType holds more than plain ASCII");
  return contentType;
}

function headersOf(row: SourceRow, { spec, limits }: RowContext): string | null {
  if (spec.layout === "debezium") return JSON.stringify({ [DEBEZIUM_ID_HEADER]: row.id });
  if (row.headers === null || row.headers.trim() === "" || row.headers.trim() === "null") return null;
  const bytes = Buffer.from(row.headers);
  const scanner = new JsonScanner(bytes);
  return readHeaders(scanner, scanner.whole().from, limits.headers, limits.headerBytes);
}

function payloadOf(row: SourceRow, limits: IntakeLimits): Buffer {
  if (row.payloadBytes === null)
    throw refused("the payload is NULL; a message has one, if only an empty one");
  if (row.payloadBytes > limits.payloadBytes || row.payload === null)
    throw new SurelayError(
      "payload_too_large",
      `The payload has ${row.payloadBytes} bytes; at most ${limits.payloadBytes} are taken.`,
    );
  return row.payload;
}

function deliverAtOf({ deliverAt }: SourceRow): Date | null {
  if (deliverAt === null) return null;
  const ms = deliverAt instanceof Date ? deliverAt.getTime() : NaN; // PostgreSQL's infinity is none
  if (!(ms >= 0 && ms < 253_402_300_800_000)) throw refused("deliverAt lies outside 1970 to 9999");
  return deliverAt;
}

function refused(what: string): SurelayError {
  return new SurelayError("validation_failed", `${what[0]!.toUpperCase()}${what.slice(1)}.`);
}
