import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MATCH_LIMIT, findInBytes, findInLines } from "./find-matches.ts";

describe("found in lines", () => {
  test("stands there, whatever its case", () => {
    expect(findInLines(["Order", "an order, REORDERED"], "order")).toEqual([
      { line: 0, start: 0, end: 5, n: 0 },
      { line: 1, start: 3, end: 8, n: 1 },
      { line: 1, start: 12, end: 17, n: 2 },
    ]);
    expect(findInLines(["anything"], "")).toEqual([]);
    expect(findInLines(["İzmir x"], "x")).toEqual([{ line: 0, start: 6, end: 7, n: 0 }]);
  });

  test("is what is there, for any text, and no more than the limit", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string({ minLength: 1, maxLength: 2 }), (lines, wanted) => {
        for (const { line, start, end } of findInLines(lines, wanted))
          expect(lines[line]!.slice(start, end).toLowerCase()).toBe(wanted.toLowerCase());
      }),
    );
    expect(findInLines([" ".repeat(5000)], " ")).toHaveLength(MATCH_LIMIT);
  });
});

describe("found in bytes", () => {
  test("is asked for in hexadecimal or as text, and may stretch over rows", () => {
    const bytes = new Uint8Array(40);
    bytes.set([0x0a, 0xff], 15);
    expect(findInBytes(bytes, "0a FF")).toEqual([
      { line: 0, start: 15, end: 16, n: 0 },
      { line: 1, start: 0, end: 1, n: 0 },
    ]);
    expect(findInBytes(new TextEncoder().encode("x中y"), "中")).toEqual([
      { line: 0, start: 1, end: 4, n: 0 },
    ]);
    expect(findInBytes(bytes, "0b")).toEqual([]);
  });
});
