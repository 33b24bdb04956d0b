import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines, foldDiff } from "./diff-lines.ts";

const text = fc
  .array(fc.constantFrom("a", "b", "c", "{", "}"), { minLength: 1, maxLength: 12 })
  .map((lines) => lines.join("\n"));
const join = (lines: { text: string }[]) => lines.map((line) => line.text).join("\n");

describe("diffLines", () => {
  test("tells both texts, whole and in order", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        expect(join(lines.filter(({ kind }) => kind !== "added"))).toBe(before);
        expect(join(lines.filter(({ kind }) => kind !== "removed"))).toBe(after);
      }),
    );
  });

  test("finds nothing between equal texts, and keeps what is common", () => {
    expect(diffLines("a\nb", "a\nb").every(({ kind }) => kind === "same")).toBe(true);
    expect(diffLines("a\nb\nc", "a\nx\nc").map(({ kind }) => kind)).toEqual([
      "same",
      "removed",
      "added",
      "same",
    ]);
    expect(diffLines("", "a")).toEqual([{ kind: "added", text: "a" }]);
  });

  test("gives up comparing what is too long, not telling it", () => {
    const lines = (mark: string) => Array.from({ length: 3000 }, (_, n) => mark + n).join("\n");
    const diff = diffLines(lines("a"), lines("b"));
    expect(diff).toHaveLength(6000);
  });
});

test("foldDiff leaves out what is far from any change, and loses no line", () => {
  const diff = diffLines("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\nx\n6\n7\n8\n9");
  expect(foldDiff(diff, 1)).toEqual([
    3,
    { kind: "same", text: "4" },
    { kind: "removed", text: "5" },
    { kind: "added", text: "x" },
    { kind: "same", text: "6" },
    3,
  ]);
});
