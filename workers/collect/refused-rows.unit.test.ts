import fc from "fast-check";
import { expect, test } from "vitest";
import { RateMeter } from "./rate-meter.ts";
import { RefusedRows } from "./refused-rows.ts";

const row = fc.record({
  route: fc.constantFrom("t", "u"),
  key: fc.constantFrom(null, "", "a", "b"),
  bad: fc.boolean(),
});

test("of each key exactly what stands before its first refused row passes, and that one alone is refused; the rest waits", () => {
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const named = rows.map((r, i) => ({ ...r, ref: String(i) }));
      const { passing, refused } = RefusedRows.split(named, ({ bad }) => bad);
      const isFree = ({ key, route }: (typeof named)[number], i: number) =>
        key === null ||
        key === "" ||
        !named.slice(0, i).some((r) => r.bad && r.key === key && r.route === route);
      expect(passing).toEqual(named.filter((r, i) => !r.bad && isFree(r, i)));
      expect(refused).toEqual(named.filter((r, i) => r.bad && isFree(r, i)));
    }),
  );
});

test("a refused row holds its key until it is tried again, and is forgotten when it was stored or is gone", () => {
  const refused = new RefusedRows();
  refused.refuse({ ref: "1", route: "t", key: "a" });
  refused.refuse({ ref: "2", route: "t", key: null });
  expect(refused.skipped()).toEqual({ refs: ["1", "2"], keys: [{ route: "t", key: "a" }] });
  refused.retry(["1"]);
  expect([refused.skipped().refs, refused.size]).toEqual([["2"], 2]);
  expect(refused.settle(["1", "9"])).toEqual(["1"]);
  expect(refused.settle(["1"])).toEqual([]);
  refused.drop(["2"]);
  expect(refused.size).toBe(0);
});

test("a rate is that of the last minute", () => {
  const meter = new RateMeter();
  meter.add(60, 1_000_000);
  meter.add(60, 1_030_000);
  expect(meter.perSecond(1_030_500)).toBe(2);
  expect(meter.perSecond(1_059_999)).toBe(2);
  expect(meter.perSecond(1_060_000)).toBe(1);
  expect(meter.perSecond(9_000_000)).toBe(0);
});
