import { canonicalId } from "../client/canonical-id.ts";
import { newMessageId } from "../client/new-message-id.ts";
import { SurelayError } from "../client/surelay-error.ts";
import { currentTraceparent } from "../client/trace-context.ts";

/** What surrounds a payload. */
export interface Envelope<Topic extends string = string> {
  /** A topic declared to the service. */
  topic: Topic;
  /** UUIDv7 and idempotency key: a message of an id is stored once. Default: a new one. */
  id?: string;
  /** Messages of one topic and key are delivered in order. */
  key?: string;
  /** CloudEvents type. Default: the topic's name. */
  type?: string;
  /** What your business calls it, such as an order number. People search for it. */
  businessKey?: string;
  /** Default: `application/json` for a payload, `application/octet-stream` for bytes. */
  contentType?: string;
  /** Become headers of the Kafka record. */
  headers?: Record<string, string>;
  /** Seconds after which the service asks what became of a prepared message: 1 to 86,400. Default: the app's policy. */
  checkAfterSeconds?: number;
  /** Not delivered before this moment. */
  deliverAt?: Date;
}

/** A message of one topic: its payload as JSON, or bytes exactly as they are. */
export type MessageOf<Topic extends string, Payload> = Envelope<Topic> &
  ({ payload: Payload; bytes?: undefined } | { bytes: Uint8Array; payload?: undefined });

/** A message of any topic in `Topics`, which maps topic names to the types of their payloads. */
export type Message<Topics extends object = Record<string, unknown>> = {
  [Topic in keyof Topics & string]: MessageOf<Topic, Topics[Topic]>;
}[keyof Topics & string];

/** Where a message stands, as the service said. */
export interface MessageResult {
  id: string;
  state: "PREPARED" | "UNDECIDED" | "SCHEDULED" | "READY" | "SENT" | "CONSUMED" | "CANCELLED" | "REJECTED";
}

/** A message as it travels: read once, so that changing the object later changes nothing. */
export interface WireMessage {
  id: string;
  json: string;
  bytes: number;
}

/** @throws SurelayError `validation_failed`: a payload JSON cannot hold, or an id that is no UUIDv7 */
export function toWire(message: Message): WireMessage {
  const { bytes, payload, deliverAt, id: given, ...rest } = message;
  const id = canonicalId(given ?? newMessageId());
  if ((bytes === undefined) === (payload === undefined))
    throw new SurelayError("validation_failed", "A message has a payload or bytes, one of them.", {
      messageId: id,
    });
  const json = stringify(id, {
    id,
    ...rest,
    ...(deliverAt && { deliverAt: deliverAt.toISOString() }),
    traceparent: currentTraceparent(),
    ...(bytes ? { payloadBase64: Buffer.from(bytes).toString("base64") } : { payload }),
  });
  return { id, json, bytes: Buffer.byteLength(json) };
}

function stringify(messageId: string, fields: Record<string, unknown>): string {
  try {
    return JSON.stringify(fields);
  } catch (cause) {
    throw new SurelayError(
      "validation_failed",
      `The payload cannot be written as JSON: ${(cause as Error).message}`,
      {
        messageId,
        cause,
      },
    );
  }
}
