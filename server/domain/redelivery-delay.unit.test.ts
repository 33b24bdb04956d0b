import fc from "fast-check";
import { expect, test } from "vitest";
import type { RetrySchedule } from "../../sdk/contract/retry-schedule.ts";
import { attemptTimes, redeliveryDelayMs } from "./redelivery-delay.ts";

const seconds = (max: number) => fc.double({ min: 0, max, noNaN: true });
const schedule: fc.Arbitrary<RetrySchedule> = fc.record({
  firstDelaySeconds: seconds(86_400),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  maxDelaySeconds: fc.double({ min: 86_400, max: 604_800, noNaN: true }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  ladderSeconds: fc.oneof(fc.constant([]), fc.array(seconds(604_800), { maxLength: 12 })),
});
const made = fc.integer({ min: 1, max: 1000 });
const random = fc.double({ min: 0, max: 0.999_999, noNaN: true });

test("a delay is finite, never negative and never beyond the longest one plus its jitter", () => {
  fc.assert(
    fc.property(schedule, made, random, (s, n, r) => {
      const delay = redeliveryDelayMs(s, n, r);
      const longest = Math.max(s.maxDelaySeconds, ...s.ladderSeconds);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(Math.ceil(longest * 1000 * (1 + s.jitter)));
    }),
  );
});

test("what the consumer asks for is waited for at least, and nothing is shortened by it", () => {
  fc.assert(
    fc.property(schedule, made, random, seconds(604_800), (s, n, r, retryAfter) => {
      const delay = redeliveryDelayMs(s, n, r, retryAfter);
      expect(delay).toBe(Math.max(redeliveryDelayMs(s, n, r), Math.round(retryAfter * 1000)));
    }),
  );
});

test("without a ladder and jitter delays never shrink", () => {
  fc.assert(
    fc.property(schedule, made, (s, n) => {
      const plain = { ...s, jitter: 0, ladderSeconds: [] };
      expect(redeliveryDelayMs(plain, n + 1, 0.5)).toBeGreaterThanOrEqual(redeliveryDelayMs(plain, n, 0.5));
    }),
  );
});

test("a ladder is climbed rung by rung and ends on its last", () => {
  const s: RetrySchedule = {
    firstDelaySeconds: 1,
    factor: 2,
    maxDelaySeconds: 3600,
    jitter: 0,
    ladderSeconds: [5, 30, 10],
  };
  expect([1, 2, 3, 4, 99].map((n) => redeliveryDelayMs(s, n, 0.9))).toEqual([
    5000, 30_000, 10_000, 10_000, 10_000,
  ]);
  expect(attemptTimes(s, 5)).toEqual([0, 5, 35, 45, 55]);
});

test("growth by a factor stops at the longest delay", () => {
  const s: RetrySchedule = {
    firstDelaySeconds: 1,
    factor: 2,
    maxDelaySeconds: 10,
    jitter: 0.2,
    ladderSeconds: [],
  };
  expect([1, 2, 3, 4, 5, 1000].map((n) => redeliveryDelayMs(s, n, 0.5))).toEqual([
    1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
  expect([0, 0.999_999].map((r) => redeliveryDelayMs(s, 1, r))).toEqual([800, 1200]);
});
