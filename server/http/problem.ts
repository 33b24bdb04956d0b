import type { Problem } from "../../sdk/contract/messages.ts";
import { ERROR_STATUS, type ErrorCode, SurelayError } from "../errors.ts";
import { JsonFault } from "../services/intake/json-scanner.ts";

const TITLES: Record<ErrorCode, string> = {
  validation_failed: "The call is not valid",
  unauthorized: "No valid API key",
  forbidden: "The API key does not allow this",
  not_found: "Not found",
  method_not_allowed: "This method is not offered here",
  id_conflict: "The id is taken",
  already_cancelled: "Already cancelled",
  already_confirmed: "Already confirmed",
  not_delivered: "Not delivered",
  unknown_subscription: "No such subscription",
  wrong_ack_mode: "Not acknowledged this way",
  payload_too_large: "Too large",
  rate_limited: "Too many messages",
  internal: "The service failed",
  unavailable: "Not available just now",
};

export const PROBLEM_TYPE = "application/problem+json";

/** The body of an error answer, by RFC 9457. */
export function toProblem(error: SurelayError): Problem {
  return {
    type: `urn:surelay:problem:${error.code}`,
    title: TITLES[error.code],
    status: ERROR_STATUS[error.code],
    code: error.code,
    detail: error.message,
    ...(error.messageId !== undefined && { messageId: error.messageId }),
  };
}

/**
 * Whatever was thrown, as an error of the contract: the one place where that is decided. Errors of the HTTP framework keep
 * their meaning; all else is `internal`, and its text stays in the log.
 */
export function toSurelayError(error: unknown): SurelayError {
  if (error instanceof SurelayError) return error;
  if (error instanceof JsonFault)
    return new SurelayError("validation_failed", `The body is not JSON: ${error.message}.`);
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (status === 413) return new SurelayError("payload_too_large", "The request body is too large.");
  if (status === 404) return new SurelayError("not_found", "There is no such call.");
  if (typeof status === "number" && status >= 400 && status < 500)
    return new SurelayError("validation_failed", "The request is not valid.", { cause: error });
  return new SurelayError("internal", "The service failed; its log says why.", { cause: error });
}

/** Headers that belong to an error answer. */
export function problemHeaders(error: SurelayError): Record<string, string> {
  const headers: Record<string, string> = { "content-type": PROBLEM_TYPE, "cache-control": "no-store" };
  if (error.retryAfterSeconds !== undefined) headers["retry-after"] = String(error.retryAfterSeconds);
  if (error.code === "unauthorized") headers["www-authenticate"] = "Bearer";
  return headers;
}
