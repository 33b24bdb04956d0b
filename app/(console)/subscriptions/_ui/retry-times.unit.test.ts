import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RetrySchedule } from "@/sdk/contract/retry-schedule.ts";
import { drawRetries } from "./retry-times.ts";

const schedule: RetrySchedule = {
  firstDelaySeconds: 1,
  factor: 2,
  maxDelaySeconds: 3600,
  jitter: 0.2,
  ladderSeconds: [],
};

describe("the picture of a retry schedule", () => {
  test("draws each attempt where it is made", () => {
    const { times, total, hidden } = drawRetries(schedule, 4);
    expect(times.map(({ attempt, at, delay }) => [attempt, at, delay])).toEqual([
      [1, 0, 0],
      [2, 1, 1],
      [3, 3, 2],
      [4, 7, 4],
    ]);
    expect(total).toBe(7);
    expect(hidden).toBe(0);
    expect(times[3]!.earliest).toBeCloseTo(5.6);
    expect(times[3]!.latest).toBeCloseTo(8.4);
  });

  test("has one attempt alone, and no more of very many than can be told apart", () => {
    expect(drawRetries(schedule, 1).times).toHaveLength(1);
    const many = drawRetries(schedule, 1000);
    expect(many.times.length + many.hidden).toBe(1000);
    expect(many.total).toBeGreaterThan(900 * 3600);
  });

  test("follows a ladder", () => {
    const { times } = drawRetries({ ...schedule, ladderSeconds: [5, 30, 120] }, 4);
    expect(times.map(({ at }) => at)).toEqual([0, 5, 35, 155]);
  });

  test("keeps order and stays on the axis, whatever is declared", () => {
    const schedules = fc.record({
      firstDelaySeconds: fc.double({ min: 0, max: 86_400, noNaN: true }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxDelaySeconds: fc.double({ min: 0, max: 604_800, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      ladderSeconds: fc.array(fc.double({ min: 0, max: 604_800, noNaN: true }), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(schedules, fc.integer({ min: 1, max: 200 }), (any, attempts) => {
        const { times, ticks } = drawRetries(any, attempts);
        for (const { x, from, to } of times) {
          expect(from).toBeLessThanOrEqual(x);
          expect(x).toBeLessThanOrEqual(to);
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(1 + 1e-9);
        }
        times.slice(1).forEach((time, n) => expect(time.x).toBeGreaterThanOrEqual(times[n]!.x));
        for (const { x } of ticks) expect(x).toBeLessThan(1);
        const sparse = ticks.filter((tick) => tick.sparse);
        sparse.slice(1).forEach(({ x }, n) => expect(x - sparse[n]!.x).toBeGreaterThan(0.25));
      }),
    );
  });
});
