import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprintError, UNTOLD_TYPE } from "./fingerprint-error.ts";

const patternOf = (message: string) => fingerprintError({ type: "Error", message }).pattern;

test.each([
  ["order 4711 is locked", "order <number> is locked"],
  ["took 1,234.5 ms, at most 1e3 are allowed", "took <number> ms, at most <number> are allowed"],
  ["no row with id 018f9c1e-7d3a-7abc-8def-0123456789ab", "no row with id <uuid>"],
  ["connect ECONNREFUSED 127.0.0.1:5432", "connect ECONNREFUSED <address>"],
  ["connect ECONNREFUSED ::1:5432", "connect ECONNREFUSED <address>"],
  ["getaddrinfo ENOTFOUND db.internal.example:5432", "getaddrinfo ENOTFOUND <address>"],
  ["GET https://stock.example/items/7?x=1 answered 503", "GET <url> answered <number>"],
  ["no account for ada@example.org", "no account for <email>"],
  ['Unexpected token "}" in JSON', "Unexpected token <text> in JSON"],
  [
    "Cannot read properties of undefined (reading 'total')",
    "Cannot read properties of undefined (reading <text>)",
  ],
  ["can't find it, won't try", "can't find it, won't try"],
  ["lock since 2026-11-21T10:00:00.123Z by node-7", "lock since <time> by node-<number>"],
  ["lock since 2026-11-21 10:00:00 +0100 passed", "lock since <time> passed"],
  ["at 10:22:03 it stopped", "at <time> it stopped"],
  ["document 507f1f77bcf86cd799439011 not found", "document <hex> not found"],
  ["address 0x7ffeefbff5c8", "address <hex>"],
  ["ENOENT: open /var/lib/shop/orders-7.json", "ENOENT: open <path>"],
  ["库存不足：「红茶」剩 3 件", "库存不足：<text>剩 <number> 件"],
  ["std::bad_alloc", "std::bad_alloc"],
  ["first line\n    at frame (file.ts:3:4)", "first line"],
])("%s", (message, pattern) => {
  expect(patternOf(message)).toBe(pattern);
});

test("what was taken out is told, in its order", () => {
  const { taken } = fingerprintError({ type: "Gone", message: "item 7 of 'tea' at 10.0.0.1" });
  expect(taken).toEqual([
    { kind: "number", text: "7" },
    { kind: "text", text: "'tea'" },
    { kind: "address", text: "10.0.0.1" },
  ]);
});

test("the type and the pattern make the group, and nothing else does", () => {
  const one = fingerprintError({ type: "Locked", message: "order 1 is locked by 'ada'" });
  const two = fingerprintError({ type: "Locked", message: "order 22 is locked by 'bob'" });
  expect(two.fingerprint).toBe(one.fingerprint);
  expect(fingerprintError({ type: "Gone", message: "order 1 is locked by 'ada'" }).fingerprint).not.toBe(
    one.fingerprint,
  );
  expect(fingerprintError({ type: null, message: null })).toMatchObject({ type: UNTOLD_TYPE, pattern: "" });
});

const anyText = fc.string({ unit: "binary", maxLength: 3000 });
const wordy = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "order",
        "failed:",
        "at",
        "'",
        '"',
        "`",
        "::",
        "//",
        "http://",
        "@",
        "[",
        "-",
        "\\",
        "\n",
      ),
      fc.stringMatching(/^[0-9a-f.:/-]{0,12}$/),
    ),
    { maxLength: 200 },
  )
  .map((words) => words.join(" "));

test("whatever the text, the result is bounded and PostgreSQL can hold it", () => {
  fc.assert(
    fc.property(fc.option(anyText), fc.oneof(anyText, wordy), (type, message) => {
      const found = fingerprintError({ type, message });
      expect(found.fingerprint).toMatch(/^[0-9a-f]{16}$/);
      expect([...found.type].length).toBeGreaterThan(0);
      expect(found.type.length).toBeLessThanOrEqual(100);
      expect(found.pattern.length).toBeLessThanOrEqual(300);
      expect(found.sample.length).toBeLessThanOrEqual(1000);
      expect(found.taken.length).toBeLessThanOrEqual(20);
      expect(found.pattern + found.sample + found.type).not.toContain("\0");
    }),
  );
});

test("numbers make no difference, wherever they stand among words", () => {
  const number = fc.nat({ max: 9_999_999 });
  const words = fc.array(fc.constantFrom("order", "of", "customer", "is", "locked", "since"), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, fc.infiniteStream(number), fc.infiniteStream(number), (parts, left, right) => {
      const text = (numbers: Iterator<number>) =>
        parts.map((part) => `${part} ${String(numbers.next().value)}`).join(" ");
      expect(patternOf(text(left))).toBe(patternOf(text(right)));
    }),
  );
});

test("different patterns have different fingerprints", () => {
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(wordy, (message) => {
      const { fingerprint, pattern } = fingerprintError({ type: "Error", message });
      expect(seen.get(fingerprint) ?? pattern).toBe(pattern);
      seen.set(fingerprint, pattern);
    }),
    { numRuns: 2000 },
  );
});

test("a hostile text costs no more than an ordinary one", () => {
  const started = performance.now();
  for (const unit of ["a.", "'\\", '"\\"', "1:", "a@", "/a", "0x", "a-", "http://", "f:", "«"])
    for (let i = 0; i < 20; i++) fingerprintError({ type: "Error", message: unit.repeat(5000) });
  expect(performance.now() - started).toBeLessThan(1000);
});
