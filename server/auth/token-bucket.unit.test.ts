import fc from "fast-check";
import { expect, test } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

test("a call is let in while anything is left, and says how long until then", () => {
  const bucket = new TokenBucket(10, 0);
  expect(bucket.take(10, 0)).toBe(0);
  expect(bucket.take(1, 0)).toBeCloseTo(0.1);
  expect(bucket.take(1, 100)).toBe(0);
});

test("a batch larger than the bucket passes, and pays afterwards", () => {
  const bucket = new TokenBucket(10, 0);
  expect(bucket.take(500, 0)).toBe(0);
  expect(bucket.take(1, 1000)).toBeCloseTo(48.1);
  expect(bucket.take(1, 49_200)).toBe(0);
});

test("over time no more passes than the rate, one second's worth and one call beyond", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 500 })), { minLength: 1 }),
      (rate, calls) => {
        const bucket = new TokenBucket(rate, 0);
        let now = 0;
        let passed = 0;
        for (const [count, wait] of calls) {
          now += wait;
          if (bucket.take(count, now) === 0) passed += count;
        }
        expect(passed).toBeLessThanOrEqual(rate + (now / 1000) * rate + 50);
      },
    ),
  );
});
