import { createHmac, timingSafeEqual } from "node:crypto";

// Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, in base64 behind `v1,`.

/** How far the sender's clock may be from the receiver's, either way. */
export const SIGNATURE_TOLERANCE_SECONDS = 300;

const SECRET_PREFIX = "whsec_";
/** The standard's own bounds for a secret, in bytes. */
const SECRET_BYTES = { least: 24, most: 64 };

export interface WebhookHeaders {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
}

export interface WebhookToSign {
  /** Names what is sent: the same when it is sent again. Without a dot. */
  id: string;
  /** Seconds since the epoch, whole. */
  timestamp: number;
  /** The very bytes of the body. */
  body: string | Uint8Array;
  /** `whsec_…`, newest first. While a secret is being replaced both sign, and the receiver needs only one of them. */
  secrets: readonly string[];
}

/** The three headers of a signed request. @throws RangeError a secret, the id or the timestamp that cannot be signed with */
export function signWebhook({ id, timestamp, body, secrets }: WebhookToSign): WebhookHeaders {
  if (id === "" || id.includes(".")) throw new RangeError("a webhook's id is not empty and holds no dot");
  if (!Number.isSafeInteger(timestamp) || timestamp <= 0)
    throw new RangeError("a webhook's timestamp is in whole seconds since the epoch");
  if (secrets.length === 0) throw new RangeError("a webhook is signed with at least one secret");
  const signatures = secrets.map(
    (secret) => `v1,${hmac(secret, id, String(timestamp), body).toString("base64")}`,
  );
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signatures.join(" "),
  };
}

/** `missing`: a header is not there. `malformed`: a header nobody can read, or a body that is no bytes. `mismatch`: no signature fits any secret. */
export type SignatureFault = "missing" | "malformed" | "too_old" | "in_the_future" | "mismatch";

export type SignatureVerdict =
  | { ok: true; id: string; timestamp: number }
  | { ok: false; fault: SignatureFault };

export interface WebhookToVerify {
  /** A header's value by its lower-case name; null or undefined if it is not there. */
  header: (name: keyof WebhookHeaders) => string | null | undefined;
  /** The very bytes received: parsing and printing JSON again would change them. */
  body: string | Uint8Array;
  /** `whsec_…`: any of them may have signed. */
  secrets: readonly string[];
  /** Seconds since the epoch; default: this machine's clock. */
  now?: number;
  toleranceSeconds?: number;
}

/**
 * Whether the request was signed with one of the secrets, within the tolerance of time. Signatures are compared in
 * constant time; of other versions than `v1` none is looked at. A body that is neither text nor bytes is a verdict and no
 * exception: frameworks leave undefined or an empty object for a request without a body, which anybody may send.
 *
 * @throws RangeError a secret that is none: a fault of set-up, not of the request
 */
export function verifyWebhook(request: WebhookToVerify): SignatureVerdict {
  const id = request.header("webhook-id");
  const time = request.header("webhook-timestamp");
  const signature = request.header("webhook-signature");
  if (!id || !time || !signature) return { ok: false, fault: "missing" };
  if (typeof request.body !== "string" && !((request.body as unknown) instanceof Uint8Array))
    return { ok: false, fault: "malformed" };
  if (!/^[0-9]{1,12}$/.test(time)) return { ok: false, fault: "malformed" };
  const timestamp = Number(time);
  const now = request.now ?? Math.floor(Date.now() / 1000);
  const tolerance = request.toleranceSeconds ?? SIGNATURE_TOLERANCE_SECONDS;
  if (now - timestamp > tolerance) return { ok: false, fault: "too_old" };
  if (timestamp - now > tolerance) return { ok: false, fault: "in_the_future" };
  const given = readSignatures(signature);
  if (given.length === 0) return { ok: false, fault: "malformed" };
  const fits = request.secrets
    .map((secret) => hmac(secret, id, time, request.body))
    .some((expected) =>
      given.some((one) => one.length === expected.length && timingSafeEqual(one, expected)),
    );
  return fits ? { ok: true, id, timestamp } : { ok: false, fault: "mismatch" };
}

/** A `whsec_` secret in text. @param bytes 24 to 64 random or derived bytes */
export function secretText(bytes: Uint8Array): string {
  requireLength(bytes.length);
  return SECRET_PREFIX + Buffer.from(bytes).toString("base64");
}

function hmac(secret: string, id: string, time: string, body: string | Uint8Array): Buffer {
  return createHmac("sha256", secretBytes(secret)).update(`${id}.${time}.`).update(body).digest();
}

function secretBytes(secret: string): Buffer {
  const text = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw new RangeError("a signing secret is whsec_ and base64; this one is not");
  const bytes = Buffer.from(text, "base64");
  requireLength(bytes.length);
  return bytes;
}

function requireLength(bytes: number): void {
  if (bytes < SECRET_BYTES.least || bytes > SECRET_BYTES.most)
    throw new RangeError(
      `a signing secret has ${SECRET_BYTES.least} to ${SECRET_BYTES.most} bytes, not ${bytes}`,
    );
}

/** The decoded `v1` signatures of a header such as `v1,abc= v1,def=`. */
function readSignatures(header: string): Buffer[] {
  return header
    .split(" ")
    .filter((part) => part.startsWith("v1,"))
    .map((part) => Buffer.from(part.slice(3), "base64"));
}
