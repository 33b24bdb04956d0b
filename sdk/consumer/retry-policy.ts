/** A schedule of attempts. The n-th pause is `ladderSeconds[n]` if there is a ladder, else first × factor^(n-1), at most max. */
export interface RetryPolicy {
  /** Attempts in all. */
  maxAttempts?: number;
  firstDelaySeconds?: number;
  factor?: number;
  maxDelaySeconds?: number;
  /** Each pause is times 1 ± this. */
  jitter?: number;
  ladderSeconds?: readonly number[];
}

/** The subscription as it was declared to the service, so far as its schedule goes. */
export interface SubscriptionPolicy extends RetryPolicy {
  /** How long the service waits for an acknowledgement before it delivers again. */
  ackTimeoutSeconds?: number;
}

/** What a subscription has that was declared without a schedule. */
export const DEFAULT_POLICY: Required<SubscriptionPolicy> = {
  maxAttempts: 8,
  firstDelaySeconds: 1,
  factor: 2,
  maxDelaySeconds: 3600,
  jitter: 0.2,
  ladderSeconds: [],
  ackTimeoutSeconds: 30,
};

/** The pause after the n-th failure, in seconds. @param n 1 for the first @param chance 0 to 1 */
export function delayAfter(policy: Required<RetryPolicy>, n: number, chance: number): number {
  return plainDelay(policy, n) * (1 + policy.jitter * (2 * chance - 1));
}

function plainDelay(policy: Required<RetryPolicy>, n: number): number {
  const { ladderSeconds, firstDelaySeconds, factor, maxDelaySeconds } = policy;
  if (ladderSeconds.length > 0) return ladderSeconds[Math.min(n, ladderSeconds.length) - 1]!;
  return Math.min(firstDelaySeconds * factor ** (n - 1), maxDelaySeconds);
}

/** From a message's first delivery to the end of its last attempt at the latest, in seconds. */
export function longestRetryWindow(policy: SubscriptionPolicy): number {
  // A ladder allows one attempt more than it has steps, unless the maximum is given.
  const steps = policy.ladderSeconds?.length ?? 0;
  const maxAttempts = policy.maxAttempts ?? (steps > 0 ? steps + 1 : DEFAULT_POLICY.maxAttempts);
  const whole = { ...DEFAULT_POLICY, ...policy, maxAttempts };
  let seconds = whole.maxAttempts * whole.ackTimeoutSeconds;
  for (let n = 1; n < whole.maxAttempts; n++) seconds += delayAfter(whole, n, 1);
  return seconds;
}
