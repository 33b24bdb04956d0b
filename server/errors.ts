/** The stable codes of contract v1, with the HTTP status each one is answered with. */
export const ERROR_STATUS = {
  validation_failed: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  id_conflict: 409,
  already_cancelled: 409,
  already_confirmed: 409,
  not_delivered: 409,
  unknown_subscription: 404,
  wrong_ack_mode: 409,
  payload_too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export interface ErrorOptions {
  /** Whether the same call may succeed later without being changed. */
  retryable?: boolean;
  /** Seconds after which a retry makes sense; becomes `Retry-After`. */
  retryAfterSeconds?: number;
  /** The message the error is about. */
  messageId?: string;
  cause?: unknown;
}

/**
 * The one error class of the service. `message` is always safe to show to the caller: it never holds SQL,
 * addresses or secrets, which belong in `cause` and reach the log only.
 */
export class SurelayError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly messageId: string | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "SurelayError";
    this.code = code;
    this.retryable = options.retryable ?? (code === "unavailable" || code === "rate_limited");
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.messageId = options.messageId;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** A fault of set-up that a person has to mend; shown as one paragraph, never as a stack trace. */
export class OperatorError extends Error {
  readonly code: string;

  /** @param code stable, e.g. `port_in_use`. @param message what is wrong and what to do about it. */
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "OperatorError";
    this.code = code;
  }
}
