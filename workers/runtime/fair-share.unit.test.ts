import fc from "fast-check";
import { expect, test } from "vitest";
import { balanceLanes, fairShare, type LaneView } from "./fair-share.ts";

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 9 });

test("shares add up to all lanes and differ by at most one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), names, (lanes, relays) => {
      const shares = relays.map((me) => fairShare(lanes, relays, me));
      expect(shares.reduce((a, b) => a + b, 0)).toBe(lanes);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
  );
});

/** Lanes under leases that never run out, and relays that see each other at once. */
function settle(lanes: LaneView[], relays: readonly string[]): number {
  for (let round = 1; round <= 20; round++) {
    let moves = 0;
    for (const me of relays) {
      const mine = new Set(lanes.filter((l) => l.owner === me).map((l) => l.lane));
      const { take, giveBack } = balanceLanes(lanes, relays, me, mine, new Set());
      for (const n of giveBack) Object.assign(lanes[n]!, { owner: null, expiresInMs: null });
      for (const n of take) Object.assign(lanes[n]!, { owner: me, expiresInMs: 1000 });
      moves += take.length + giveBack.length;
    }
    if (moves === 0) return round;
  }
  return Number.POSITIVE_INFINITY;
}

test("from any distribution every lane soon has an owner, and every relay its share", () => {
  const start = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 24 });
  fc.assert(
    fc.property(start, names, (owners, relays) => {
      const lanes = owners.map((n, lane): LaneView => {
        const owner = n === 9 ? null : relays[n % relays.length]!;
        return { lane, owner, expiresInMs: owner === null ? null : 1000 };
      });
      expect(settle(lanes, relays)).toBeLessThanOrEqual(6);
      for (const me of relays)
        expect(lanes.filter((l) => l.owner === me).length).toBe(fairShare(lanes.length, relays, me));
    }),
  );
});

const lane = (n: number, owner: string | null, expiresInMs: number | null): LaneView => ({
  lane: n,
  owner,
  expiresInMs,
});

test("a lane whose owner died is taken by whoever sees it, share or no share", () => {
  const lanes = [lane(0, "a", 900), lane(1, "dead", -1), lane(2, "dead", -1)];
  expect(balanceLanes(lanes, ["a", "b"], "a", new Set([0]), new Set()).take).toEqual([1, 2]);
});

test("a relay keeps more than its share while nobody wants it", () => {
  const lanes = [lane(0, "a", 900), lane(1, "a", 900)];
  expect(balanceLanes(lanes, ["a"], "a", new Set([0, 1]), new Set()).giveBack).toEqual([]);
  expect(balanceLanes(lanes, ["a", "b"], "a", new Set([0, 1]), new Set()).giveBack).toEqual([1]);
});

test("what stands under our own name is taken back if we left it there, and else left to a twin", () => {
  const lanes = [lane(0, "a", 900)];
  expect(balanceLanes(lanes, ["a"], "a", new Set(), new Set([0])).take).toEqual([0]);
  expect(balanceLanes(lanes, ["a"], "a", new Set(), new Set()).take).toEqual([]);
});
