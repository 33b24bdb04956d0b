import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moveCursor } from "./move-cursor.ts";

const keys = ["c", "b", "a"];

describe("j and k", () => {
  test("begin at the first row, whichever way", () => {
    expect(moveCursor(keys, null, 1, 0)).toBe("c");
    expect(moveCursor(keys, null, -1, 0)).toBe("c");
  });

  test("go to the neighbour and stop at the ends", () => {
    expect(moveCursor(keys, "c", 1, 0)).toBe("b");
    expect(moveCursor(keys, "b", -1, 1)).toBe("c");
    expect(moveCursor(keys, "c", -1, 0)).toBe("c");
    expect(moveCursor(keys, "a", 1, 2)).toBe("a");
  });

  test("go on from where a row was that is gone: down to what took its place, up to what stood above", () => {
    expect(moveCursor(["d", "c", "a"], "b", 1, 2)).toBe("a");
    expect(moveCursor(["d", "c", "a"], "b", -1, 2)).toBe("c");
    expect(moveCursor(["a"], "gone", 1, 40)).toBe("a");
  });

  test("go nowhere without rows", () => {
    expect(moveCursor([], "c", 1, 0)).toBeNull();
  });

  test("always lead to a row that is there, and down and up again to the same one", () => {
    const rows = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        rows,
        fc.option(fc.string()),
        fc.constantFrom(1 as const, -1 as const),
        fc.nat(30),
        (keys, cursor, step, at) => {
          expect(keys).toContain(moveCursor(keys, cursor, step, at));
        },
      ),
    );
    fc.assert(
      fc.property(rows, fc.nat(), (keys, n) => {
        const from = keys[n % keys.length]!;
        if (from === keys.at(-1)) return;
        expect(moveCursor(keys, moveCursor(keys, from, 1, 0), -1, 0)).toBe(from);
      }),
    );
  });
});
