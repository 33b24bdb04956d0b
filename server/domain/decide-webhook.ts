import type { RetrySchedule } from "../../sdk/contract/retry-schedule.ts";
import { redeliveryDelayMs } from "./redelivery-delay.ts";

/** What became of one call of a webhook. */
export type WebhookResult =
  /** 2xx: the receiver has it. */
  | { kind: "accepted"; status: number }
  /** 410: the receiver does not want anything any more. */
  | ({ kind: "gone"; status: number } & WebhookError)
  | ({
      kind: "failed";
      status: number | null;
      /** What the receiver asks for with 429 or 503. */
      retryAfterSeconds: number | null;
      /** Whether an HTTP server of the receiver answered; a gateway that says 502, 503 or 504 speaks for nobody. */
      reached: boolean;
    } & WebhookError);

export interface WebhookError {
  /** `http_500`, `timeout`, `connection` …: with the message it makes the failure's group. */
  type: string;
  message: string;
}

/** How a subscription's webhook is called again. */
export interface WebhookPolicy extends RetrySchedule {
  /** Calls since the delivery was made or driven anew. */
  maxAttempts: number;
}

export type WebhookDecision =
  | { kind: "ack" }
  | { kind: "retry"; delayMs: number }
  /** The receiver rejects it, and everything else. */
  | { kind: "reject"; reason: string }
  | { kind: "give_up"; reason: string };

/** A Retry-After beyond that is taken as that: a day is as long as an endpoint may fail before it is disabled. */
export const MOST_RETRY_AFTER_SECONDS = 86_400;

/**
 * What follows from a call. Pure.
 *
 * @param made calls since the delivery was made or driven anew, this one among them
 * @param random uniform in [0, 1)
 */
export function decideWebhook(
  policy: WebhookPolicy,
  made: number,
  result: WebhookResult,
  random: number,
): WebhookDecision {
  if (result.kind === "accepted") return { kind: "ack" };
  if (result.kind === "gone") return { kind: "reject", reason: `rejected: ${result.message}` };
  if (made >= policy.maxAttempts)
    return {
      kind: "give_up",
      reason: `called ${made === 1 ? "once" : `${made} times`}; the last call: ${result.message}`,
    };
  const retryAfter = result.retryAfterSeconds;
  return { kind: "retry", delayMs: redeliveryDelayMs(policy, made, random, retryAfter) };
}

/** Most characters of what the receiver says is wrong. */
const DETAIL_LENGTH = 200;

/**
 * What an answer to a call says. Redirects are not followed: they would lead past the check of the address. Pure.
 *
 * @param answer.retryAfter the header as it stands
 * @param answer.body its beginning; null: none
 * @param nowMs the clock that an HTTP date is compared with
 */
export function readWebhookAnswer(
  answer: { status: number; retryAfter: string | null; body: string | null },
  nowMs: number,
): WebhookResult {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: "accepted", status };
  const type = `http_${status}`;
  if (status === 410) return { kind: "gone", status, type, message: "HTTP 410: the receiver is gone" };
  const said = status >= 300 && status < 400 ? "redirects are not followed" : faultOf(answer.body);
  return {
    kind: "failed",
    status,
    type,
    message: said === null ? `HTTP ${status}` : `HTTP ${status}: ${said}`,
    retryAfterSeconds: status === 429 || status === 503 ? readRetryAfter(answer.retryAfter, nowMs) : null,
    reached: ![502, 503, 504].includes(status),
  };
}

/** RFC 9110: whole seconds or an HTTP date. @returns seconds, at most a day; null: there is none, or nobody can read it */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? "";
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text), MOST_RETRY_AFTER_SECONDS);
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  return Math.min(Math.max(0, Math.ceil((at - nowMs) / 1000)), MOST_RETRY_AFTER_SECONDS);
}

/** The words of a JSON answer that are meant to say what is wrong; anything else says too little to make groups of. */
function faultOf(body: string | null): string | null {
  if (body === null || !body.trimStart().startsWith("{")) return null;
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(body) as Record<string, unknown>;
  } catch {
    return null;
  }
  const nested = parsed.error as { message?: unknown; code?: unknown } | null | undefined;
  const words = [
    parsed.error,
    nested?.message,
    nested?.code,
    parsed.detail,
    parsed.title,
    parsed.message,
    parsed.code,
  ];
  const found = words.find((word): word is string => typeof word === "string" && word.trim() !== "");
  return found === undefined ? null : found.replaceAll(/\s+/gu, " ").trim().slice(0, DETAIL_LENGTH);
}
