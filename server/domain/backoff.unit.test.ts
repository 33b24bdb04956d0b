import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const policy = fc.record({
  firstMs: fc.integer({ min: 1, max: 60_000 }),
  factor: fc.double({ min: 1, max: 5, noNaN: true }),
  maxMs: fc.integer({ min: 60_000, max: 3_600_000 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});
const random = fc.double({ min: 0, max: 0.999_999, noNaN: true });

test("a delay is never negative and never beyond the maximum plus its jitter", () => {
  fc.assert(
    fc.property(policy, fc.integer({ min: 1, max: 10_000 }), random, (p, attempt, r) => {
      const delay = backoffMs(p, attempt, r);
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(Math.ceil(p.maxMs * (1 + p.jitter)));
    }),
  );
});

test("without jitter delays never shrink", () => {
  fc.assert(
    fc.property(policy, fc.integer({ min: 1, max: 200 }), (p, attempt) => {
      const still = { ...p, jitter: 0 };
      expect(backoffMs(still, attempt + 1, 0.5)).toBeGreaterThanOrEqual(backoffMs(still, attempt, 0.5));
    }),
  );
});
