import { expect, test } from "vitest";
import { ANY_TIME, isAnyTime } from "./time-range.ts";

test("a time narrows as soon as it has a range or one end", () => {
  expect(isAnyTime(ANY_TIME)).toBe(true);
  for (const one of [{ recent: "1h" as const }, { from: new Date(0) }, { to: new Date(0) }])
    expect(isAnyTime({ ...ANY_TIME, ...one })).toBe(false);
});
