import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReadyMessage } from "../../server/store/ready-messages.ts";
import { mergeBySequence } from "./batch-reader.ts";

const numbered = (readySeq: bigint) => ({ readySeq }) as ReadyMessage;

test("two ordered lists become one ordered list that lacks nothing", () => {
  const side = fc.boolean();
  fc.assert(
    fc.property(fc.array(side), (sides) => {
      const of = (wanted: boolean) => sides.flatMap((s, i) => (s === wanted ? [numbered(BigInt(i))] : []));
      const merged = mergeBySequence(of(false), of(true)).map((m) => m.readySeq);
      expect(merged).toEqual(sides.map((_, i) => BigInt(i)));
    }),
  );
});
