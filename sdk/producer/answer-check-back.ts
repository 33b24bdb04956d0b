import {
  SIGNATURE_TOLERANCE_SECONDS,
  type SignatureFault,
  type SignatureVerdict,
  signWebhook,
  verifyWebhook,
} from "../contract/webhook-signature.ts";
import { decideOutcome } from "./barrier.ts";
import type { Database } from "../database/database.ts";
import { canonicalId } from "../client/canonical-id.ts";
import { Slots } from "../client/slots.ts";

export interface CheckOptions<Tx> {
  /** The database that `transactIn` was given. */
  database: Database<Tx>;
  /** The app's signing secret (`whsec_…`), or several while it is being rotated; a function is asked at every call. */
  secret: string | readonly string[] | (() => string | readonly string[]);
  /** How long to wait for a transaction that is still open, in ms. Default 3,000; the service itself waits 5 s. */
  waitMs?: number;
  /** Questions answered at once: each takes a connection of your pool while it waits. Default 4. */
  maxConcurrent?: number;
  /** Told why a question could not be answered ("" for messageId: none was read). Nothing is lost: the service asks again. */
  onError?: (error: unknown, messageId: string) => void;
}

export interface CheckRequest {
  method: string;
  /** A header's value by its lower-case name. */
  header: (name: string) => string | null | undefined;
  /** The very bytes received. */
  body: string | Uint8Array;
}

export interface CheckAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A question has a few hundred bytes; what is larger is none. */
export const MAX_CHECK_BYTES = 64 * 1024;

/** One question of the service, answered from the barrier row: the part that no HTTP library has a say in. */
export function createCheck<Tx>(options: CheckOptions<Tx>): (request: CheckRequest) => Promise<CheckAnswer> {
  const { database, waitMs = 3000, maxConcurrent = 4, onError = () => undefined } = options;
  const slots = new Slots(maxConcurrent);
  const secrets = () => {
    const secret = typeof options.secret === "function" ? options.secret() : options.secret;
    return requireSecrets(typeof secret === "string" ? [secret] : secret);
  };
  if (typeof options.secret !== "function") secrets();
  return async ({ method, header, body }) => {
    if (method !== "POST") return problem("method_not_allowed", "A check-back is a POST.", { allow: "POST" });
    if (body.length > MAX_CHECK_BYTES)
      return problem("payload_too_large", "A check-back is smaller than this.");
    let verdict: SignatureVerdict;
    try {
      verdict = verifyWebhook({ header, body, secrets: secrets() });
    } catch (error) {
      onError(error, "");
      return problem("internal", "The check handler has no signing secret that it could verify with.");
    }
    if (!verdict.ok) return problem("unauthorized", SIGNATURE_FAULTS[verdict.fault]);
    const id = messageIdOf(body);
    if (id === null) return problem("validation_failed", "The body is no check-back: it names no message.");
    const until = performance.now() + waitMs;
    try {
      return await slots.use(waitMs, async () => {
        const outcome = await decideOutcome(database, id, Math.max(1, until - performance.now()));
        return json(200, { outcome: outcome === "pruned" ? "unknown" : outcome });
      });
    } catch (error) {
      onError(error, id);
      const detail = "The transaction is still open, or the business database cannot be asked. Ask again.";
      return problem("unavailable", detail, { "retry-after": "1" });
    }
  };
}

/** At start rather than at the first check-back. */
function requireSecrets(secrets: readonly string[] | undefined): readonly string[] {
  if (!secrets || secrets.length === 0)
    throw new RangeError("checkHandler needs the app's signing secret: `surelay secrets show` prints it");
  signWebhook({ id: "trial", timestamp: 1, body: "", secrets });
  return secrets;
}

const SIGNATURE_FAULTS: Record<SignatureFault, string> = {
  missing: "The request is not signed: a webhook-* header is missing.",
  malformed: "The webhook-timestamp or webhook-signature header cannot be read.",
  too_old: `The signature is more than ${SIGNATURE_TOLERANCE_SECONDS} s old; are both clocks right?`,
  in_the_future: `The signature is more than ${SIGNATURE_TOLERANCE_SECONDS} s ahead; are both clocks right?`,
  mismatch: "The signature fits none of the secrets.",
};

const STATUS = {
  validation_failed: [400, "The call is not valid"],
  unauthorized: [401, "Not signed by Surelay"],
  method_not_allowed: [405, "This method is not offered here"],
  payload_too_large: [413, "Too large"],
  internal: [500, "The handler is not set up"],
  unavailable: [503, "Not available just now"],
} as const;

/** An error answer by RFC 9457, with a code of the contract. */
export function problem(
  code: keyof typeof STATUS,
  detail: string,
  headers: Record<string, string> = {},
): CheckAnswer {
  const [status, title] = STATUS[code];
  const answer = json(status, { type: `urn:surelay:problem:${code}`, title, status, code, detail });
  return {
    ...answer,
    headers: { ...answer.headers, ...headers, "content-type": "application/problem+json" },
  };
}

function json(status: number, body: unknown): CheckAnswer {
  return {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify(body),
  };
}

/** @returns null: no JSON object that names a message */
function messageIdOf(body: string | Uint8Array): string | null {
  try {
    const text = typeof body === "string" ? body : Buffer.from(body).toString();
    return canonicalId((JSON.parse(text) as { messageId: string }).messageId);
  } catch {
    return null;
  }
}
