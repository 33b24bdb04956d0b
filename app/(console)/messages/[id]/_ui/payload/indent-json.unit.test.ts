import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indentJson, looksLikeJson } from "./indent-json.ts";

describe("JSON laid out without being read", () => {
  test("means the same as before, and looks as JSON.stringify lays it out", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(indentJson(text)).toBe(JSON.stringify(JSON.parse(text), null, 2));
      }),
    );
  });

  test("is laid out the same however it was laid out before", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(indentJson(JSON.stringify(value, null, 4))).toBe(indentJson(JSON.stringify(value)));
      }),
    );
  });

  test("keeps digits, order, doubles and escapes", () => {
    expect(indentJson('{"b":12345678901234567890.10,"a":1E400,"a":"\\u00e9\\/"}')).toBe(
      '{\n  "b": 12345678901234567890.10,\n  "a": 1E400,\n  "a": "\\u00e9\\/"\n}',
    );
  });

  test("loses no character of text that is broken off or is no JSON", () => {
    const bare = (text: string) => text.replaceAll(/\s/g, "");
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, at) => {
        const text = JSON.stringify(value);
        const broken = text.slice(0, at % (text.length + 1));
        expect(bare(indentJson(broken))).toBe(bare(broken));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(bare(indentJson(text))).toBe(bare(text));
      }),
    );
  });

  test("is tried on what parses, and on what claims to be JSON when only its beginning is there", () => {
    expect(looksLikeJson("[1]", "text/plain", false)).toBe(true);
    expect(looksLikeJson("[1", "application/json", false)).toBe(false);
    expect(looksLikeJson("[1", "application/json; charset=utf-8", true)).toBe(true);
    expect(looksLikeJson("[1", "text/plain", true)).toBe(false);
  });
});
