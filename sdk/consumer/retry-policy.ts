import {
  DEFAULT_ACK_TIMEOUT_SECONDS,
  DEFAULT_SCHEDULE,
  defaultMaxAttempts,
  delaySeconds,
  type RetrySchedule,
} from "../contract/retry-schedule.ts";

/** A schedule of attempts. What is not said is the service's default. */
export interface RetryPolicy extends Partial<RetrySchedule> {
  /** Attempts in all. */
  maxAttempts?: number;
}

/** The subscription as it was declared to the service, so far as its schedule goes. */
export interface SubscriptionPolicy extends RetryPolicy {
  /** How long the service waits for an acknowledgement before it delivers again. */
  ackTimeoutSeconds?: number;
  /** Its consumers keep later messages of a key waiting. */
  ordered?: boolean;
}

/** From a message's first delivery to the end of its last attempt at the latest, in seconds. */
export function longestRetryWindow(policy: SubscriptionPolicy): number {
  const schedule = { ...DEFAULT_SCHEDULE, ...policy };
  const { maxAttempts = defaultMaxAttempts(schedule.ladderSeconds) } = policy;
  let seconds = maxAttempts * (policy.ackTimeoutSeconds ?? DEFAULT_ACK_TIMEOUT_SECONDS);
  for (let n = 1; n < maxAttempts; n++) seconds += delaySeconds(schedule, n, 1);
  return seconds;
}
