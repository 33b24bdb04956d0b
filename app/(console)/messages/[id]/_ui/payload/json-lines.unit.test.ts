import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indentJson } from "./indent-json.ts";
import { foldsAround, jsonLines, unfoldedLines } from "./json-lines.ts";

const linesOf = (value: unknown) => jsonLines(indentJson(JSON.stringify(value)));

describe("lines of JSON", () => {
  test("hold every character in their tokens, and know what closes them", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const { text, tokens, closedBy } of linesOf(value)) {
          const bare = tokens.map((token) => token.text).join("");
          expect(bare.replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
          for (const token of tokens) expect(text.startsWith(token.text, token.at)).toBe(true);
          expect(closedBy !== null).toBe(text.endsWith("{") || text.endsWith("["));
        }
      }),
    );
  });

  test("tell keys, strings, numbers and words apart, and count entries", () => {
    const lines = linesOf({ a: [1, "b", null], c: {} });
    expect(lines.map(({ tokens }) => tokens.map(({ kind }) => kind))).toEqual([
      ["sign"],
      ["key", "sign", "sign"],
      ["number", "sign"],
      ["string", "sign"],
      ["word"],
      ["sign", "sign"],
      ["key", "sign", "sign", "sign"],
      ["sign"],
    ]);
    expect(lines[0]).toMatchObject({ closedBy: 7, entries: 2 });
    expect(lines[1]).toMatchObject({ closedBy: 5, entries: 3 });
  });

  test("fold to their first and last, and unfold around a line", () => {
    const lines = linesOf({ a: [1, [2]], b: 3 });
    expect(unfoldedLines(lines, new Set([1]))).toEqual([0, 1, 6, 7, 8]);
    expect(unfoldedLines(lines, new Set([0, 1]))).toEqual([0, 8]);
    expect(foldsAround(lines, 4)).toEqual([0, 1, 3]);
    expect(unfoldedLines(lines, new Set())).toHaveLength(lines.length);
  });

  test("of text that is broken off stay open", () => {
    const lines = jsonLines(indentJson('{"a":[1,2'));
    expect(lines.map(({ closedBy }) => closedBy)).toEqual([null, null, null, null]);
  });
});
