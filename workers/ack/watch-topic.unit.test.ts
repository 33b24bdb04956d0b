import fc from "fast-check";
import { expect, test } from "vitest";
import { acksTopic } from "./acks-topic.ts";
import { lowestOf } from "./watch-topic.ts";

const offsets = fc
  .array(fc.tuple(fc.nat(5), fc.bigInt(0n, 1n << 62n)), { maxLength: 6 })
  .map((pairs) => new Map(pairs));

test("no group has committed less than what counts, one has committed just that, and silence counts as nothing", () => {
  fc.assert(
    fc.property(fc.array(offsets, { minLength: 1, maxLength: 5 }), offsets, (groups, ends) => {
      const lowest = lowestOf(groups, ends);
      expect(lowest.map(({ partition }) => partition)).toEqual([...ends.keys()]);
      for (const { partition, below } of lowest) {
        const committed = groups.map((group) => group.get(partition) ?? 0n);
        expect(committed.every((offset) => offset >= below)).toBe(true);
        expect(committed).toContain(below);
      }
    }),
  );
});

test("the topic of acknowledgements is named by the environment, as the relay's is", () => {
  expect(acksTopic("local")).toBe("surelay.acks");
  expect(acksTopic("prod-eu")).toBe("surelay.prod-eu.acks");
});
