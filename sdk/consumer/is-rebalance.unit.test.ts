import { expect, test } from "vitest";
import { isRebalance } from "./is-rebalance.ts";

const refusal = (type: string) => Object.assign(new Error("refused"), { type });

test("a commit refused because the group is formed anew is known through what the client wraps it in", () => {
  const wrapped = (cause: unknown) => new Error("wrapped", { cause: new Error("once more", { cause }) });
  for (const type of ["REBALANCE_IN_PROGRESS", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID"]) {
    expect(isRebalance(refusal(type))).toBe(true);
    expect(isRebalance(wrapped(refusal(type)))).toBe(true);
  }
  expect(isRebalance(wrapped(refusal("NOT_COORDINATOR_FOR_GROUP")))).toBe(false);
  expect(isRebalance("ILLEGAL_GENERATION")).toBe(false);
});
