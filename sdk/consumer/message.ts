import type { IHeaders, KafkaMessage } from "kafkajs";
import { canonicalId } from "../client/canonical-id.ts";
import { RejectMessage } from "./handler-errors.ts";

/** A message as the handler is given it. */
export interface ReceivedMessage<Payload = unknown> {
  /** UUIDv7, the same at every attempt and at every subscription. */
  readonly id: string;
  /** The subscription's topic, whichever topic brought this attempt. */
  readonly topic: string;
  readonly subscription: string;
  /** CloudEvents type; the topic's name if the producer gave none. */
  readonly type: string;
  readonly key: string | null;
  /** What the producer's business calls it, such as an order number. */
  readonly businessKey: string | null;
  /** The app that sent it. */
  readonly source: string | null;
  readonly time: Date | null;
  readonly contentType: string | null;
  /** The producer's own headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** W3C trace context of whoever sent it. */
  readonly traceparent: string | null;
  /** 1 for the first delivery. */
  readonly attempt: number;
  /** The payload exactly as it was sent. */
  readonly bytes: Buffer;
  /** The payload read as JSON, once. @throws RejectMessage when it is none: it will not become one by waiting */
  readonly payload: Payload;
  /** Where in the broker this attempt stands. */
  readonly record: { readonly topic: string; readonly partition: number; readonly offset: string };
}

interface Place {
  topic: string;
  subscription: string;
  /** Of the record: the topic, or the subscription's retry topic. */
  recordTopic: string;
  partition: number;
}

/** @returns null if the record is none of Surelay's: it has no message id */
export function readMessage(record: KafkaMessage, place: Place): ReceivedMessage | null {
  const headers = readHeaders(record.headers ?? {});
  const id = idOf(headers.get("ce_id"));
  if (id === null) return null;
  const attempt = Number(headers.get("surelay-attempt"));
  const time = new Date(headers.get("ce_time") ?? "");
  const bytes = record.value ?? Buffer.alloc(0);
  let parsed: { value: unknown } | undefined;
  return {
    id,
    topic: place.topic,
    subscription: place.subscription,
    type: headers.get("ce_type") ?? place.topic,
    key: record.key?.toString() ?? null,
    businessKey: headers.get("ce_subject") ?? null,
    source: headers.get("ce_source") ?? null,
    time: Number.isNaN(time.getTime()) ? null : time,
    contentType: headers.get("content-type") ?? null,
    headers: Object.fromEntries([...headers].filter(([name]) => !OURS.test(name))),
    traceparent: headers.get("traceparent") ?? null,
    attempt: Number.isInteger(attempt) && attempt >= 1 && attempt <= MAX_ATTEMPT ? attempt : 1,
    bytes,
    get payload() {
      parsed ??= { value: parse(bytes) };
      return parsed.value;
    },
    record: { topic: place.recordTopic, partition: place.partition, offset: record.offset },
  };
}

const MAX_ATTEMPT = 32_767;
const OURS = /^(ce_.*|surelay-.*|content-type|traceparent)$/;

function idOf(header: string | undefined): string | null {
  try {
    return header === undefined ? null : canonicalId(header);
  } catch {
    return null;
  }
}

/** Of a header that stands there several times the first: whatever the producer added comes after ours. */
function readHeaders(headers: IHeaders): Map<string, string> {
  const read = new Map<string, string>();
  for (const [name, given] of Object.entries(headers)) {
    const value = Array.isArray(given) ? given[0] : given;
    if (value !== undefined && value !== null) read.set(name, value.toString());
  }
  return read;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (cause) {
    throw new RejectMessage(`The payload is not JSON: ${(cause as Error).message}`, {
      type: "InvalidPayload",
      cause,
    });
  }
}
