/** How a subscription's next attempts are spread over time: as its row declares it. */
export interface RetrySchedule {
  firstDelaySeconds: number;
  /** From one delay to the next, at least 1. */
  factor: number;
  maxDelaySeconds: number;
  /** Share of a delay that is random, 0 to 1: 0.2 spreads it over ±20 %. */
  jitter: number;
  /** Delays one by one, the last for all that follow; empty: `firstDelaySeconds` growing by `factor`. */
  ladderSeconds: readonly number[];
}

/**
 * The exponent beyond which growth is not worked out: a factor of 10 to the power of 999 is no double any more. Every
 * schedule has reached its longest delay (a week) long before e^600.
 */
export const MOST_GROWTH = 600;

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
  const spread = 1 + schedule.jitter * (2 * random - 1);
  const delay = plainDelaySeconds(schedule, made) * 1000 * spread;
  return Math.round(Math.max(delay, (retryAfterSeconds ?? 0) * 1000));
}

function plainDelaySeconds(schedule: RetrySchedule, made: number): number {
  const { ladderSeconds, firstDelaySeconds, factor, maxDelaySeconds } = schedule;
  const step = Math.max(1, made);
  const rung = ladderSeconds[Math.min(step, ladderSeconds.length) - 1];
  if (rung !== undefined) return rung;
  const growth = Math.exp(Math.min(MOST_GROWTH, (step - 1) * Math.log(factor)));
  return Math.min(maxDelaySeconds, firstDelaySeconds * growth);
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
