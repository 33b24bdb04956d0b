export interface Backoff {
  firstMs: number;
  factor: number;
  maxMs: number;
  /** Share of the delay that is random, 0 to 1: 0.2 spreads it over ±20 %. */
  jitter: number;
}

/**
 * Exponential backoff: the delay before attempt `attempt` + 1, ms.
 *
 * @param attempt attempts made so far, from 1
 * @param random uniform in [0, 1)
 */
export function backoffMs(policy: Backoff, attempt: number, random: number): number {
  const plain = Math.min(policy.maxMs, policy.firstMs * policy.factor ** Math.max(0, attempt - 1));
  return Math.max(0, Math.round(plain * (1 + policy.jitter * (2 * random - 1))));
}
