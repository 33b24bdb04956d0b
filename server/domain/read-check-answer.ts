import { checkBackOutcome } from "../../sdk/contract/check-back.ts";
import type { CheckResult } from "./decide-check.ts";

/** Most characters of what was wrong with an answer. */
const DETAIL_LENGTH = 200;

/**
 * What a complete response to a check-back says. Only a 200 with an outcome that the contract names counts; whatever else it
 * is has happened to the operator's eyes only. Pure.
 *
 * @param body all of it, unless it was too large to be read
 */
export function readCheckAnswer(
  status: number,
  body: Buffer,
  tooLarge: boolean,
): CheckResult & { sent: true } {
  const failed = (error: NonNullable<(CheckResult & { sent: true })["error"]>, detail: string) =>
    ({ sent: true, outcome: "failed", error, status, detail: detail.slice(0, DETAIL_LENGTH) }) as const;
  if (status >= 300 && status < 400)
    return failed("redirect", `HTTP ${status}: redirects are not followed; name the final address`);
  if (status !== 200) return failed("http_status", `HTTP ${status}, expected 200`);
  if (tooLarge) return failed("body_too_large", "the answer is longer than 64 KiB");
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString("utf8"));
  } catch {
    return failed("not_json", "the answer is not JSON");
  }
  const outcome = checkBackOutcome.safeParse((answer as { outcome?: unknown } | null)?.outcome);
  if (!outcome.success)
    return failed("wrong_answer", 'expected {"outcome": "committed" | "rolled_back" | "unknown"}');
  return { sent: true, outcome: outcome.data, error: null, status, detail: null };
}
