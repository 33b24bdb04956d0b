/**
 * Thrown by a handler: this message can never be handled, do not deliver it again. It becomes DEAD, and an operator sees it
 * with this error's type and message.
 */
export class RejectMessage extends Error {
  /** What kind of failure it is; failures of one kind and like messages are one group on the console. */
  readonly type: string;

  constructor(message: string, options: { type?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RejectMessage";
    this.type = options.type ?? "RejectMessage";
  }
}

/** Thrown by a handler: deliver this message again, but not before `retryAfterSeconds` have passed. */
export class RetryMessage extends Error {
  readonly retryAfterSeconds: number;

  constructor(message: string, options: { retryAfterSeconds: number; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "RetryMessage";
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Whether the handler refused the message for good. By name: a process may hold the ESM and the CommonJS build at once. */
export function isRejection(error: unknown): boolean {
  return error instanceof Error && error.name === "RejectMessage";
}

/** The pause that a handler's error asks for, in seconds; of an error of another kind none. */
export function retryAfterOf(error: unknown): number | undefined {
  const seconds = (error as { retryAfterSeconds?: unknown } | null | undefined)?.retryAfterSeconds;
  return typeof seconds === "number" && seconds >= 0 ? Math.min(seconds, MAX_RETRY_AFTER) : undefined;
}

/** The contract's. */
const MAX_RETRY_AFTER = 604_800;
