import fc from "fast-check";
import { expect, test } from "vitest";
import { PartitionShares } from "./partition-shares.ts";

/** Sends a partition's records through a broker that refuses any batch with a guilty one in it. */
function relay(guilty: ReadonlySet<number>, count: number) {
  const shares = new PartitionShares();
  const queue = Array.from({ length: count }, (_, n) => n);
  const delivered: number[] = [];
  const rejected: number[] = [];
  let refusals = 0;
  while (queue.length > 0) {
    const batch = queue.slice(0, Math.min(queue.length, shares.limitOf("t/0")));
    if (batch.some((n) => guilty.has(n))) {
      refusals++;
      if (shares.refused("t/0", batch.length)) rejected.push(queue.shift()!);
    } else {
      shares.accepted("t/0");
      delivered.push(...queue.splice(0, batch.length));
    }
  }
  return { delivered, rejected, refusals };
}

test("exactly the guilty records are rejected, the others are delivered in order", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.array(fc.nat({ max: 999 }), { maxLength: 4 }),
      (count, picks) => {
        const guilty = new Set(picks.filter((n) => n < count));
        const { delivered, rejected } = relay(guilty, count);
        expect(rejected).toEqual([...guilty].sort((a, b) => a - b));
        expect(delivered).toEqual(Array.from({ length: count }, (_, n) => n).filter((n) => !guilty.has(n)));
      },
    ),
  );
});

test("one guilty record among a thousand costs a few refusals", () => {
  for (const n of [0, 1, 499, 500, 998, 999]) expect(relay(new Set([n]), 1000).refusals).toBeLessThan(25);
});
