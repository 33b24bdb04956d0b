import { eventAttributes } from "../../server/domain/cloud-event.ts";
import type { OutgoingRecord } from "../../server/kafka/port.ts";
import type { ReadyMessage } from "../../server/store/ready-messages.ts";

/**
 * The Kafka record of a message: CloudEvents 1.0, Kafka binding, binary mode. Header names that the service sets itself
 * are not taken from the message: a consumer can rely on them.
 *
 * @param names of the message's app and the topic it was stored for, also where its record goes to another
 */
export function recordOfMessage(
  message: ReadyMessage,
  names: { app: string; topic: string },
): OutgoingRecord {
  const headers = eventAttributes(message, names).map(([name, value]): [string, string] => [
    `ce_${name}`,
    value,
  ]);
  headers.push(["content-type", message.contentType]);
  if (message.traceparent !== null) headers.push(["traceparent", message.traceparent]);
  if (message.headers !== null) {
    for (const name in message.headers) if (!isReserved(name)) headers.push([name, message.headers[name]!]);
  }
  headers.push(["surelay-attempt", String(message.attempt)]);
  if (message.subscription !== null) headers.push(["surelay-subscription", message.subscription]);
  if (message.extraHeaders !== null)
    for (const name in message.extraHeaders) headers.push([name, message.extraHeaders[name]!]);
  return { key: message.key === null ? null : Buffer.from(message.key), value: message.payload, headers };
}

const RESERVED = /^(ce_|surelay-)|^(content-type|traceparent)$/i;

export function isReserved(name: string): boolean {
  return RESERVED.test(name);
}
