import { isMessageId } from "../../domain/message-id.ts";
import { isTraceparent } from "../../domain/traceparent.ts";
import { SurelayError } from "../../errors.ts";
import { readBase64, readDeliverAt, readHeaders, readText } from "./parse-fields.ts";
import type { JsonScanner } from "./json-scanner.ts";
import type { IntakeLimits } from "./limits.ts";

/** A message as a caller wrote it, checked field by field; names (topic) are not looked up yet. */
export interface ParsedMessage {
  /** Lower case; null: the service makes one. */
  id: string | null;
  topic: string;
  key: string | null;
  type: string | null;
  businessKey: string | null;
  contentType: string;
  /** A JSON object of strings, as text, in the order written. */
  headers: string | null;
  /** A slice of the request's body, or decoded from base64. */
  payload: Buffer;
  deliverAt: Date | null;
  checkAfterSeconds: number | null;
  /** Instead of the call's: a batch carries messages of many traces. */
  traceparent: string | null;
}

const FIELDS = [
  "id",
  "topic",
  "key",
  "type",
  "businessKey",
  "payload",
  "payloadBase64",
  "contentType",
  "headers",
  "checkAfterSeconds",
  "deliverAt",
  "traceparent",
] as const;
type Field = (typeof FIELDS)[number];
const BIT = new Map<string, number>(FIELDS.map((name, i) => [name, 1 << i]));

/**
 * Reads the message object that begins at `from`. Written by hand and not by a schema library, because the payload must
 * stay the caller's bytes, and because at batches of 500 validation would cost more than storing; a property test holds
 * it against the contract's schema.
 *
 * @returns `to`: the position after the object; `message`, or the `fault` found first (the text itself was sound)
 * @throws JsonFault when the bytes are not JSON
 */
export function parseMessage(
  bytes: Buffer,
  scanner: JsonScanner,
  from: number,
  limits: IntakeLimits,
): { to: number; message?: ParsedMessage; fault?: SurelayError } {
  if (scanner.kindAt(from) !== "object")
    return { to: scanner.skip(from), fault: refused("A message is a JSON object") };
  const reading = new MessageReading(bytes, scanner, limits);
  const to = scanner.members(from, (name, valueFrom, valueTo) => reading.member(name, valueFrom, valueTo));
  try {
    return { to, message: reading.finish() };
  } catch (error) {
    if (error instanceof SurelayError) return { to, fault: error };
    throw error;
  }
}

class MessageReading {
  readonly #bytes: Buffer;
  readonly #scanner: JsonScanner;
  readonly #limits: IntakeLimits;
  #seen = 0;
  #fault: SurelayError | undefined;
  #id: string | null = null;
  #topic: string | null = null;
  #key: string | null = null;
  #type: string | null = null;
  #businessKey: string | null = null;
  #contentType: string | null = null;
  #headers: string | null = null;
  #payload: Buffer | null = null;
  #isJson = true;
  #deliverAt: Date | null = null;
  #checkAfterSeconds: number | null = null;
  #traceparent: string | null = null;

  constructor(bytes: Buffer, scanner: JsonScanner, limits: IntakeLimits) {
    this.#bytes = bytes;
    this.#scanner = scanner;
    this.#limits = limits;
  }

  /** Keeps the first fault and goes on: the scanner has to reach the object's end whatever is wrong inside. */
  member(name: string, from: number, to: number): void {
    if (this.#fault) return;
    try {
      const bit = BIT.get(name);
      if (bit === undefined) throw refused(`There is no field ${JSON.stringify(name.slice(0, 100))}`);
      if (this.#seen & bit) throw refused(`The field ${name} stands there twice`);
      this.#seen |= bit;
      this.#read(name as Field, from, to);
    } catch (error) {
      if (!(error instanceof SurelayError)) throw error;
      this.#fault = error;
    }
  }

  #read(name: Field, from: number, to: number): void {
    const limits = this.#limits;
    const text = (maxBytes: number, maxCharacters = maxBytes) =>
      readText(name, this.#scanner, from, to, maxBytes, maxCharacters);
    switch (name) {
      case "id":
        this.#id = readMessageId(text(64));
        return;
      case "topic":
        this.#topic = text(249 * 4, 249);
        return;
      case "key":
        this.#key = text(limits.keyBytes);
        return;
      case "type":
        this.#type = text(255 * 4, 255);
        return;
      case "businessKey":
        this.#businessKey = text(limits.keyBytes);
        return;
      case "contentType":
        this.#contentType = text(255 * 4, 255);
        if (!/^[\x20-\x7e]+$/.test(this.#contentType))
          throw refused("contentType holds more than plain ASCII");
        return;
      case "headers":
        this.#headers = readHeaders(this.#scanner, from, limits.headers, limits.headerBytes);
        return;
      case "payload":
        if (this.#payload) throw refused("Give payload or payloadBase64, not both");
        this.#payload = this.#bytes.subarray(from, to);
        return;
      case "payloadBase64":
        if (this.#payload) throw refused("Give payload or payloadBase64, not both");
        this.#payload = readBase64(this.#bytes, this.#scanner, from, to);
        this.#isJson = false;
        return;
      case "checkAfterSeconds":
        this.#checkAfterSeconds = readSeconds(this.#bytes, this.#scanner, from, to);
        return;
      case "deliverAt":
        this.#deliverAt = readDeliverAt(text(64));
        return;
      case "traceparent": {
        const context = text(255 * 4, 255);
        this.#traceparent = isTraceparent(context) ? context : null; // dropped, as the standard asks
        return;
      }
    }
  }

  finish(): ParsedMessage {
    if (this.#fault) throw this.#withId(this.#fault);
    if (this.#topic === null) throw this.#withId(refused("topic is missing"));
    if (!this.#payload) throw this.#withId(refused("payload is missing (or payloadBase64)"));
    if (this.#payload.length > this.#limits.payloadBytes)
      throw this.#withId(
        new SurelayError(
          "payload_too_large",
          `The payload has ${this.#payload.length} bytes; at most ${this.#limits.payloadBytes} are taken.`,
        ),
      );
    return {
      id: this.#id,
      topic: this.#topic,
      key: this.#key,
      type: this.#type,
      businessKey: this.#businessKey,
      contentType: this.#contentType ?? (this.#isJson ? "application/json" : "application/octet-stream"),
      headers: this.#headers,
      payload: this.#payload,
      deliverAt: this.#deliverAt,
      checkAfterSeconds: this.#checkAfterSeconds,
      traceparent: this.#traceparent,
    };
  }

  #withId(error: SurelayError): SurelayError {
    if (this.#id === null) return error;
    return new SurelayError(error.code, error.message, { messageId: this.#id });
  }
}

/** A message id in lower case. @throws SurelayError `validation_failed` */
export function readMessageId(text: string): string {
  const id = text.toLowerCase();
  if (!isMessageId(id)) throw refused("id is not a UUIDv7");
  return id;
}

function readSeconds(bytes: Buffer, scanner: JsonScanner, from: number, to: number): number {
  const value = scanner.kindAt(from) === "number" ? Number(bytes.toString("latin1", from, to)) : NaN;
  if (!Number.isInteger(value) || value < 1 || value > 86_400)
    throw refused("checkAfterSeconds is not a whole number from 1 to 86400");
  return value;
}

function refused(what: string): SurelayError {
  return new SurelayError("validation_failed", `${what}.`);
}
