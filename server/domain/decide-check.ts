import { checkDelayMs, type CheckPolicy } from "./check-policy.ts";

/** What the producer said. `failed`: it was asked and said nothing that counts; `error` names why. */
export type CheckOutcome = "committed" | "rolled_back" | "unknown" | "failed";

/** Why a check that was sent has no outcome. */
export const CHECK_ERRORS = [
  "timeout",
  "connection_lost",
  "redirect",
  "http_status",
  "body_too_large",
  "not_json",
  "wrong_answer",
] as const;
export type CheckError = (typeof CHECK_ERRORS)[number];

/** Why nothing was sent. */
export const UNSENT_ERRORS = ["address_not_allowed", "name_not_resolved", "not_connected"] as const;
export type UnsentError = (typeof UNSENT_ERRORS)[number];

/** What became of one try to ask. */
export type CheckResult =
  | {
      sent: true;
      outcome: CheckOutcome;
      error: CheckError | null;
      status: number | null;
      detail: string | null;
    }
  | { sent: false; error: UnsentError; detail: string };

/** What follows for the message. */
export type CheckDecision =
  | { kind: "confirm" }
  | { kind: "cancel" }
  | { kind: "ask_later"; delayMs: number }
  | { kind: "give_up"; reason: string }
  /** Nothing was sent, nothing is counted: due again after the delay. */
  | { kind: "put_back"; delayMs: number };

/** How soon a check that could not be sent is tried again, ms, unless the app's breaker opens meanwhile. */
export const UNSENT_DELAY_MS = 1000;

/**
 * What follows from a check. Pure.
 *
 * @param sentBefore checks of this message that were sent before this one
 * @param random uniform in [0, 1)
 */
export function decideCheck(
  policy: CheckPolicy,
  sentBefore: number,
  result: CheckResult,
  random: number,
): CheckDecision {
  if (!result.sent) return { kind: "put_back", delayMs: UNSENT_DELAY_MS };
  if (result.outcome === "committed") return { kind: "confirm" };
  if (result.outcome === "rolled_back") return { kind: "cancel" };
  const sent = sentBefore + 1;
  if (sent >= policy.maxAttempts) return { kind: "give_up", reason: reasonOf(sent, result) };
  return { kind: "ask_later", delayMs: checkDelayMs(policy, sent, random) };
}

/** Whether the app was reached: only that is what its breaker looks at. An honest `unknown`, or a 404, is an answer. */
export function wasReached(result: CheckResult): boolean {
  if (!result.sent) return false;
  if (result.error === "timeout" || result.error === "connection_lost") return false;
  return result.status === null || result.status < 500;
}

function reasonOf(sent: number, result: CheckResult & { sent: true }): string {
  const times = sent === 1 ? "once" : `${sent} times`;
  if (result.outcome === "unknown") return `asked ${times}; the last answer was "unknown"`;
  return `asked ${times}; the last answer did not count: ${result.detail ?? result.error}`;
}
