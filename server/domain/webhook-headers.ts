import { type EventMessage, eventAttributes } from "./cloud-event.ts";

/** What a call of a webhook tells beside the payload. */
export interface WebhookCall {
  message: EventMessage;
  app: string;
  topic: string;
  subscription: string;
  /** From 1. */
  attempt: number;
}

/**
 * The headers of a webhook's request but for the signature: CloudEvents 1.0, HTTP binding, binary mode. The message's own
 * headers follow, but for names that the service or the transport sets itself and names that HTTP does not know. Pure.
 */
export function webhookHeaders({
  message,
  app,
  topic,
  subscription,
  attempt,
}: WebhookCall): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of eventAttributes(message, { app, topic }))
    headers[`ce-${name}`] = percentEncode(value);
  headers["content-type"] = PRINTABLE.test(message.contentType)
    ? message.contentType
    : "application/octet-stream";
  if (message.traceparent !== null) headers["traceparent"] = message.traceparent;
  headers["surelay-attempt"] = String(attempt);
  headers["surelay-subscription"] = subscription;
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const lower = name.toLowerCase();
    if (NAME.test(lower) && !RESERVED.test(lower) && !Object.hasOwn(headers, lower))
      headers[lower] = PRINTABLE.test(value) ? value : percentEncode(value);
  }
  return headers;
}

const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
/** Text that a header can hold as it stands. */
const PRINTABLE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;
const RESERVED =
  /^(ce-|webhook-|surelay-|proxy-|sec-|access-control-)|^(host|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|via|content-length|content-type|content-encoding|content-range|traceparent|cookie|authorization|date|age|range)$/;

/** As the CloudEvents HTTP binding has it: what is not printable ASCII, and space, quote and percent, by UTF-8 bytes. */
export function percentEncode(value: string): string {
  return value.replace(/[^\x21-\x7e]|["%]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(
      "",
    ),
  );
}
