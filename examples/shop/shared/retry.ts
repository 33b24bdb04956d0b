import { setTimeout as sleep } from "node:timers/promises";

/** Whatever a repeated attempt may heal: the service or the database being away. Wrong calls are not. */
export function isTemporary(error: unknown): boolean {
  const { retryable, code } = error as { retryable?: boolean; code?: string };
  if (typeof retryable === "boolean") return retryable;
  // PostgreSQL: connection trouble, resources, shutting down, rolled back by a neighbour; and the network's own codes.
  if (typeof code === "string") return /^(08|53|57P|40|E[A-Z])/.test(code);
  return /timeout|terminated|connection/i.test((error as Error).message);
}

export interface RetryOptions {
  stop: AbortSignal;
  /** Told of every failed attempt. */
  onFailure?: (error: unknown) => void | Promise<void>;
  /** Whether to go on after this error; default: isTemporary. */
  worthRetrying?: (error: unknown) => boolean;
}

/** Repeats `work` until it succeeds or it makes no sense: 0.1 s to 5 s apart, or as long as the answer asks for. */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (options.stop.aborted || !(options.worthRetrying ?? isTemporary)(error)) throw error;
      await options.onFailure?.(error);
      const backoff = Math.min(5000, 100 * 2 ** Math.min(attempt, 10)) * (0.8 + 0.4 * Math.random());
      await pause(Math.max(backoff, (error as { retryAfterMs?: number }).retryAfterMs ?? 0), options.stop);
    }
  }
}

/** Waits, or less when the process stops. */
export async function pause(ms: number, stop: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
}
