/** How a subscription's attempts are spread over time. The service and the consumers that retry in place go by the same. */
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

/** What a subscription has that was declared without a schedule. */
export const DEFAULT_SCHEDULE: RetrySchedule = {
  firstDelaySeconds: 1,
  factor: 2,
  maxDelaySeconds: 3600,
  jitter: 0.2,
  ladderSeconds: [],
};

/** How long the service waits for an acknowledgement, unless the subscription says otherwise. */
export const DEFAULT_ACK_TIMEOUT_SECONDS = 30;

/** Attempts in all, unless the subscription says otherwise: a ladder allows one more than it has steps. */
export function defaultMaxAttempts(ladderSeconds: readonly number[]): number {
  return ladderSeconds.length > 0 ? ladderSeconds.length + 1 : 8;
}

/**
 * The exponent beyond which growth is not worked out: a factor of 10 to the power of 999 is no double any more. Every
 * schedule has reached its longest delay (a week) long before e^600.
 */
export const MOST_GROWTH = 600;

/** The delay after an attempt without its jitter, in seconds. @param made attempts made, from 1 */
export function plainDelaySeconds(schedule: RetrySchedule, made: number): number {
  const { ladderSeconds, firstDelaySeconds, factor, maxDelaySeconds } = schedule;
  const step = Math.max(1, made);
  const rung = ladderSeconds[Math.min(step, ladderSeconds.length) - 1];
  if (rung !== undefined) return rung;
  const growth = Math.exp(Math.min(MOST_GROWTH, (step - 1) * Math.log(factor)));
  return Math.min(maxDelaySeconds, firstDelaySeconds * growth);
}

/** The delay after an attempt, in seconds. @param made attempts made, from 1 @param random uniform in [0, 1) */
export function delaySeconds(schedule: RetrySchedule, made: number, random: number): number {
  return plainDelaySeconds(schedule, made) * (1 + schedule.jitter * (2 * random - 1));
}
