import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { APP_NAME_RULES, TOPIC_NAME_RULES, brokenRules, isCheckUrl } from "./registry-rules.ts";

describe("names", () => {
  test.each([
    ["orders", []],
    ["0rders.eu-1_b", []],
    ["", ["start", "length"]],
    ["Orders", ["characters", "start"]],
    ["-orders", ["start"]],
    ["orders shop", ["characters"]],
    ["a".repeat(65), ["length"]],
  ])("of apps: %j breaks %j", (name, broken) => {
    expect(brokenRules(APP_NAME_RULES, name)).toEqual(broken);
  });

  test.each([
    ["Orders.created-v1_x", []],
    ["", ["length"]],
    ["..", ["reserved"]],
    ["surelay.acks", ["reserved"]],
    ["__consumer_offsets", ["reserved"]],
    ["orders/created", ["characters"]],
    ["t".repeat(250), ["length"]],
  ])("of topics: %j breaks %j", (name, broken) => {
    expect(brokenRules(TOPIC_NAME_RULES, name)).toEqual(broken);
  });

  test("keep every rule together exactly when the database's own form takes them", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from("aZ09._-/ é\n")), maxLength: 70 }),
        (name) => {
          expect(brokenRules(APP_NAME_RULES, name).length === 0).toBe(
            /^[a-z0-9][a-z0-9._-]{0,63}(?![\s\S])/.test(name),
          );
        },
      ),
    );
  });
});

describe("check addresses", () => {
  test.each(["http://127.0.0.1:9001/check", "https://orders.example.com/a?b=c"])("take %s", (url) => {
    expect(isCheckUrl(url)).toBe(true);
  });
  test.each(["", "orders", "ftp://127.0.0.1", "//host/x", "http://", "http://a b/", "javascript:alert(1)"])(
    "refuse %j",
    (url) => expect(isCheckUrl(url)).toBe(false),
  );
});
