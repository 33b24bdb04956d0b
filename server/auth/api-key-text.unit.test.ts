import { expect, test } from "vitest";
import { hashSecret, newApiKeyText, parseApiKey } from "./api-key-text.ts";

test("a new key has the form that is read back, and no two are alike", () => {
  const keys = Array.from({ length: 100 }, newApiKeyText);
  for (const { id, secret, text } of keys) expect(parseApiKey(text)).toEqual({ id, secret });
  expect(new Set(keys.map((k) => k.id)).size).toBe(100);
  expect(new Set(keys.map((k) => k.secret)).size).toBe(100);
  expect(hashSecret(keys[0]!.secret)).toHaveLength(32);
});

test.each([
  "",
  "slk_",
  "slk_short_x",
  `slk_${"a".repeat(16)}_${"x".repeat(42)}`,
  `slk_${"A".repeat(16)}_${"x".repeat(43)}`,
])("%j is no key", (text) => expect(parseApiKey(text)).toBeNull());
