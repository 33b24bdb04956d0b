import { delaySeconds, plainDelaySeconds, type RetrySchedule } from "../../sdk/contract/retry-schedule.ts";

/** What the SQL of a delay is bounded by, too. */
export { MOST_GROWTH } from "../../sdk/contract/retry-schedule.ts";

/**
 * The delay between an attempt and the next one, ms. `nextDelayMs` of server/store/redelivery-delay.ts is the same in SQL.
 *
 * @param made attempts made since the delivery was made or driven anew, from 1
 * @param random uniform in [0, 1)
 * @param retryAfterSeconds what the consumer asks for; the delay is at least that
 */
export function redeliveryDelayMs(
  schedule: RetrySchedule,
  made: number,
  random: number,
  retryAfterSeconds: number | null = null,
): number {
  return Math.round(1000 * Math.max(delaySeconds(schedule, made, random), retryAfterSeconds ?? 0));
}

/**
 * When each attempt is made if all of them fail at once, seconds after the first, without jitter; as long as `maxAttempts`.
 */
export function attemptTimes(schedule: RetrySchedule, maxAttempts: number): number[] {
  const times = [0];
  for (let made = 1; made < maxAttempts; made++)
    times.push(times.at(-1)! + plainDelaySeconds(schedule, made));
  return times;
}
