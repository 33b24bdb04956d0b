import { expect, test } from "vitest";
import { BEAT_MS, LEADER_SILENCE_MS, shouldTakeOver } from "./judge-leader.ts";

const signs = { heardAt: 0, hidden: false, patience: 0 };

test("a leader that speaks in time is left alone, one lost beat included", () => {
  expect(shouldTakeOver({ ...signs, now: 2 * BEAT_MS + 500 })).toBe(false);
});

test("a silent leader is replaced by a tab that is looked at", () => {
  expect(shouldTakeOver({ ...signs, now: LEADER_SILENCE_MS + 1 })).toBe(true);
  expect(shouldTakeOver({ ...signs, now: LEADER_SILENCE_MS + 1, hidden: true })).toBe(false);
});

test("followers do not all jump at once", () => {
  expect(shouldTakeOver({ ...signs, now: LEADER_SILENCE_MS + 1, patience: 0.5 })).toBe(false);
  expect(shouldTakeOver({ ...signs, now: LEADER_SILENCE_MS * 1.25 + 1, patience: 0.5 })).toBe(true);
});
