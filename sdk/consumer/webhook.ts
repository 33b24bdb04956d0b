import type { IncomingHttpHeaders } from "node:http";
import { type SignatureFault, verifyWebhook } from "../contract/webhook-signature.ts";

export type { SignatureFault };

/** Headers as `node:http`, Express and Fastify have them, or as the web's `Request` does. */
export type WebhookRequestHeaders = IncomingHttpHeaders | { get(name: string): string | null };

/** A delivery whose signature holds. */
export interface WebhookDelivery {
  /** The message's id, the same with every attempt: what is to be stored so that a repetition is known. */
  messageId: string;
  /** From 1. */
  attempt: number;
  subscription: string;
  type: string;
  /** The app that sent it. */
  source: string;
  /** Its business key; null: none. */
  subject: string | null;
  /** When it was stored, RFC 3339. */
  time: string;
  contentType: string;
  traceparent: string | null;
  /** Seconds since the epoch: when it was signed, which is when this attempt was made. */
  signedAt: number;
  /** The very bytes of the payload. */
  body: Buffer;
  /** The payload as JSON. Its shape is what the producer and you have agreed on. @throws SyntaxError */
  json<T = unknown>(): T;
}

/**
 * Why a request is none that the service made. `not_a_delivery`: signed, but without what every delivery says of itself.
 */
export type WebhookFault = SignatureFault | "not_a_delivery";

export type WebhookVerdict = { ok: true; delivery: WebhookDelivery } | { ok: false; fault: WebhookFault };

export interface VerifyOptions {
  /** How far the service's clock may be from this one, either way; default 300. */
  toleranceSeconds?: number;
}

/**
 * Whether a request is a delivery of the service, signed with one of these secrets within the last five minutes; and what
 * it delivers. Answer 2xx once it is stored, whatever else for it to come again, 410 for nothing to come any more. It may
 * come twice: keep `messageId` in the transaction that handles it.
 *
 * The signature covers the id, the time and the body. What else the headers say is as trustworthy as the connection.
 *
 * @param headers of the request
 * @param body the very bytes received: parsing JSON and printing it again would change them
 * @param secrets `whsec_…` as `surelay secrets show` prints them; while one is being replaced, the old and the new one
 * @throws RangeError a secret that is none: a fault of set-up, not of the request
 */
export function verify(
  headers: WebhookRequestHeaders,
  body: string | Uint8Array,
  secrets: string | readonly string[],
  options: VerifyOptions = {},
): WebhookVerdict {
  const header = headerOf(headers);
  const signed = verifyWebhook({
    header,
    body,
    secrets: typeof secrets === "string" ? [secrets] : secrets,
    ...options,
  });
  if (!signed.ok) return signed;
  const attempt = Number(header("surelay-attempt"));
  const subscription = header("surelay-subscription");
  const type = header("ce-type");
  const source = header("ce-source");
  const time = header("ce-time");
  if (!Number.isSafeInteger(attempt) || attempt < 1 || !subscription || !type || !source || !time)
    return { ok: false, fault: "not_a_delivery" };
  const subject = header("ce-subject");
  const bytes =
    typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return {
    ok: true,
    delivery: {
      messageId: signed.id,
      attempt,
      subscription,
      type: decode(type),
      source: decode(source),
      subject: subject === null ? null : decode(subject),
      time: decode(time),
      contentType: header("content-type") ?? "application/octet-stream",
      traceparent: header("traceparent"),
      signedAt: signed.timestamp,
      body: bytes,
      json: <T>() => JSON.parse(bytes.toString("utf8")) as T,
    },
  };
}

/**
 * The same for the web's `Request`, as Next route handlers, Hono and others have it. Reads the body.
 *
 * @throws RangeError a secret that is none
 */
export async function verifyRequest(
  request: Request,
  secrets: string | readonly string[],
  options: VerifyOptions = {},
): Promise<WebhookVerdict> {
  return verify(request.headers, new Uint8Array(await request.arrayBuffer()), secrets, options);
}

function headerOf(headers: WebhookRequestHeaders): (name: string) => string | null {
  if (isWeb(headers)) return (name) => headers.get(name);
  const plain = headers;
  return (name) => {
    const value = plain[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
}

function isWeb(headers: WebhookRequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === "function";
}

/** CloudEvents' attributes travel percent-encoded. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
