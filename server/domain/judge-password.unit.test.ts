import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgePassword, ratePassword } from "./judge-password.ts";

describe("a password to be set", () => {
  test.each([
    ["eleven char", "too_short"],
    ["x".repeat(129), "too_long"],
    ["night-shift is here", "holds_name"],
    ["Night-Shift2026!", "holds_name"],
    ["Password1234!", "too_common"],
    ["passwordpassword", "too_common"],
    ["!!password2026", "too_common"],
    ["qwertyuiop12", "too_common"],
    ["P@ssw0rd2026!", "too_common"],
    ["surelay-admin1", "too_common"],
    ["aaaaaaaaaaaa", "too_plain"],
    ["123456789012", "too_plain"],
    ["abcabcabcabc", "too_plain"],
    ["abcdefghijklmnop", "too_plain"],
    ["aaaaaabbbbbbcccccc", "too_plain"],
  ])("%s: %s", (password, fault) => {
    expect(judgePassword(password, "night-shift")).toBe(fault);
    expect(ratePassword(password, "night-shift")).toBe(0);
  });

  test.each([
    "correct horse battery",
    "dL6cWmuZ9JTmzcCr",
    "夜班的人都很辛苦但是很开心啊",
    "tide over the old pier",
  ])("%s is good", (password) => {
    expect(judgePassword(password, "night-shift")).toBeNull();
    expect(ratePassword(password, "night-shift")).toBeGreaterThan(0);
  });

  test("made ones are good, and rated the best", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 15, maxLength: 15 }), (bytes) => {
        fc.pre(new Set(bytes).size > 12);
        const password = Buffer.from(bytes).toString("base64url");
        expect(judgePassword(password, "night-shift")).toBeNull();
        expect(ratePassword(password, null)).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  test("whatever is typed is judged", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 140 }), fc.string({ maxLength: 30 }), (password, name) => {
        expect([0, 1, 2, 3, 4]).toContain(ratePassword(password, name));
      }),
    );
  });
});
