import { expect, test } from "vitest";
import { newMessageId } from "../../../server/domain/message-id.ts";
import { type Fate, fateOf } from "./fate.ts";

test("most messages are fine, and a few of each other fate are among them", () => {
  const counts = new Map<Fate, number>();
  for (let i = 0; i < 20_000; i++) {
    const fate = fateOf(newMessageId(), "shipping");
    counts.set(fate, (counts.get(fate) ?? 0) + 1);
  }
  const share = (fate: Fate) => (counts.get(fate) ?? 0) / 20_000;
  expect(share("fine")).toBeCloseTo(0.92, 1);
  expect(share("rejected")).toBeCloseTo(0.01, 2);
  expect(share("fails always")).toBeCloseTo(0.01, 2);
  expect(share("fails first")).toBeCloseTo(0.04, 2);
  expect(share("slow")).toBeCloseTo(0.02, 2);
});
