/** Seconds from the start; then every minute. Within the first, so that nobody waits long to see it. */
const BUSY_FROM = 20;
const BUSY_SECONDS = 8;
const EVERY_SECONDS = 60;
const FAILING_SHARE = 0.03;

export interface Mishap {
  status: number;
  error: string;
  retryAfterSeconds?: number;
}

/**
 * For show: what is wrong with this service at a moment. For some seconds of each minute it is sent more than it can take, and
 * asks to be left alone for a while; and one call in thirty fails.
 *
 * @param seconds since it started
 * @param chance uniform in [0, 1)
 */
export function mishapAt(seconds: number, chance: number): Mishap | null {
  const within = (((seconds - BUSY_FROM) % EVERY_SECONDS) + EVERY_SECONDS) % EVERY_SECONDS;
  if (within < BUSY_SECONDS)
    return { status: 429, error: "The mail server takes no more just now", retryAfterSeconds: 5 };
  if (chance < FAILING_SHARE) return { status: 500, error: "The mail server hung up" };
  return null;
}
