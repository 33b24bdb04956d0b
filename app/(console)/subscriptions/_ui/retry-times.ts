import type { RetrySchedule } from "@/sdk/contract/retry-schedule.ts";
import { attemptTimes, redeliveryDelayMs } from "@/server/domain/redelivery-delay.ts";

/** One attempt on the axis. */
export interface RetryTime {
  /** From 1. */
  attempt: number;
  /** Seconds after the first attempt, if each fails at once: without jitter, and at its earliest and latest with it. */
  at: number;
  earliest: number;
  latest: number;
  /** Seconds after the attempt before. */
  delay: number;
  /** Place on the axis, 0 to 1. */
  x: number;
  from: number;
  to: number;
  /** Its number has room beside the ones before. */
  numbered: boolean;
}

export interface RetryPicture {
  times: RetryTime[];
  /** Attempts that are left out of the picture, being too many. */
  hidden: number;
  /** `sparse`: it has room even where the axis is short. */
  ticks: { seconds: number; x: number; sparse: boolean }[];
  /** Seconds from the first attempt to the last. */
  total: number;
}

/** More dots than that are one thick line. */
const MOST_DRAWN = 60;
/** Share of the axis that a number, and the name of a tick, take. */
const NUMBER_ROOM = 0.035;
const TICK_ROOM = 0.11;
const SPARSE_ROOM = 0.3;
const TICKS = [
  1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 259_200, 604_800, 2_592_000,
];

/**
 * A schedule as a picture. The axis grows like a logarithm whose unit is the first delay, so that seconds and days are both
 * seen. Pure.
 */
export function drawRetries(schedule: RetrySchedule, maxAttempts: number): RetryPicture {
  const plain = attemptTimes(schedule, maxAttempts);
  const drawn = plain.slice(0, MOST_DRAWN);
  const unit = Math.max(0.1, drawn.find((at) => at > 0) ?? 1);
  let earliest = 0;
  let latest = 0;
  const bounds = drawn.map((at, index) => {
    if (index > 0) {
      earliest += redeliveryDelayMs(schedule, index, 0) / 1000;
      latest += redeliveryDelayMs(schedule, index, 1) / 1000;
    }
    // Delays are whole milliseconds: many short ones, rounded, may add up to the other side of the plain time.
    return { earliest: Math.min(earliest, at), latest: Math.max(latest, at) };
  });
  const end = Math.max(bounds.at(-1)?.latest ?? 0, unit);
  const place = (seconds: number) => Math.log1p(seconds / unit) / Math.log1p(end / unit);
  let numberedUpTo = -1;
  const times = drawn.map((at, index): RetryTime => {
    const x = place(at);
    const numbered = x - numberedUpTo >= NUMBER_ROOM;
    if (numbered) numberedUpTo = x;
    return {
      attempt: index + 1,
      at,
      ...bounds[index]!,
      delay: index === 0 ? 0 : at - drawn[index - 1]!,
      x,
      from: place(bounds[index]!.earliest),
      to: place(bounds[index]!.latest),
      numbered,
    };
  });
  let tickedUpTo = 0;
  let sparseUpTo = 0;
  const ticks = TICKS.filter((seconds) => seconds <= end).flatMap((seconds) => {
    const x = place(seconds);
    if (x - tickedUpTo < TICK_ROOM || x > 1 - TICK_ROOM / 2) return [];
    tickedUpTo = x;
    const sparse = x - sparseUpTo >= SPARSE_ROOM;
    if (sparse) sparseUpTo = x;
    return [{ seconds, x, sparse }];
  });
  return { times, hidden: plain.length - drawn.length, ticks, total: plain.at(-1)! };
}
