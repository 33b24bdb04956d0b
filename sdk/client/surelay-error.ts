/**
 * Stable codes. Those of the service are the contract's; of the SDK itself are:
 *
 * | code | when |
 * | --- | --- |
 * | `unreachable` | no answer within the time given. What was asked for may have happened; the same call may be repeated |
 * | `bad_answer` | something that is not the service answered |
 * | `queue_full` | more calls wait than `maxQueued`; nothing was sent |
 * | `closed` | the client was closed before the call was answered |
 * | `already_committed` | this message's transaction was committed before; the work was not run again |
 * | `already_rolled_back` | a check-back decided before the transaction began; the work was not run |
 * | `transaction_lost` | the database had rolled the transaction back before the work returned, or the work ended it itself |
 * | `outcome_unknown` | COMMIT was not answered, and the database cannot be asked; a check-back will settle the message |
 */
export type SurelayErrorCode =
  | "validation_failed"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "id_conflict"
  | "already_cancelled"
  | "already_confirmed"
  | "payload_too_large"
  | "not_delivered"
  | "unknown_subscription"
  | "wrong_ack_mode"
  | "rate_limited"
  | "internal"
  | "unavailable"
  | "unreachable"
  | "bad_answer"
  | "queue_full"
  | "closed"
  | "already_committed"
  | "already_rolled_back"
  | "transaction_lost"
  | "outcome_unknown";

export interface SurelayErrorOptions {
  messageId?: string | undefined;
  /** HTTP status, if the service answered. */
  status?: number | undefined;
  retryable?: boolean;
  retryAfterMs?: number;
  cause?: unknown;
}

/** Every error of the SDK. Look at `code`, not at the class: a process may hold the ESM and the CommonJS build at once. */
export class SurelayError extends Error {
  readonly code: SurelayErrorCode;
  /** Whether the same call, with the same message id, may succeed later. */
  readonly retryable: boolean;
  /** How long the service asked to wait, in ms; 0: it did not say. */
  readonly retryAfterMs: number;
  readonly messageId: string | undefined;
  readonly status: number | undefined;

  constructor(code: SurelayErrorCode, message: string, options: SurelayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "SurelayError";
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    this.retryAfterMs = options.retryAfterMs ?? 0;
    this.messageId = options.messageId;
    this.status = options.status;
  }
}

const RETRYABLE = new Set<SurelayErrorCode>([
  "rate_limited",
  "internal",
  "unavailable",
  "unreachable",
  "bad_answer",
  "queue_full",
]);

/** The same error, about one message. */
export function aboutMessage(error: SurelayError, messageId: string): SurelayError {
  const { status, retryable, retryAfterMs, cause } = error;
  return new SurelayError(error.code, error.message, { messageId, status, retryable, retryAfterMs, cause });
}
