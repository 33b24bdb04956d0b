import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLadder, printLadder } from "./ladder-text.ts";

test.each([
  ["5s, 30s, 2min, 1h", [5, 30, 120, 3600]],
  ["5 30 2m", [5, 30, 120]],
  ["5s，30s、1d", [5, 30, 86_400]],
  ["1.5s", [1.5]],
  ["", []],
  ["5x", null],
  ["soon", null],
  ["-5s", null],
])("%s is read as %j", (text, seconds) => {
  expect(parseLadder(text)).toEqual(seconds);
});

test("what is printed is read as the same", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 604_800 }), { maxLength: 12 }), (seconds) => {
      expect(parseLadder(printLadder(seconds))).toEqual(seconds);
    }),
  );
});
