import { expect, test } from "vitest";
import { parseWakeUp } from "./wake-up.ts";

test.each([
  ["3", { lanes: [3], resends: false, control: false }],
  ["0,2,11", { lanes: [0, 2, 11], resends: false, control: false }],
  ["resend:2", { lanes: [2], resends: true, control: false }],
  ["control", { lanes: [], resends: false, control: true }],
  ["", { lanes: null, resends: true, control: true }],
])("%o wakes %o", (payload, wakes) => {
  expect(parseWakeUp(payload)).toEqual(wakes);
});
