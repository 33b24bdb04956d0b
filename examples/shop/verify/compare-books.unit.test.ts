import { expect, it } from "vitest";
import { compareBooks } from "./compare-books.ts";

it("finds what is lost, doubled and phantom, and what was given up", () => {
  const found = compareBooks(
    ["fine", "lost", "doubled", "dead", "dead at first"],
    ["fine", "doubled", "doubled", "rolled back", "dead at first"],
    ["dead", "dead at first", "of another shop"],
  );
  expect(found).toEqual({
    due: 5,
    done: 5,
    lost: ["lost"],
    doubled: ["doubled"],
    phantom: ["rolled back"],
    dead: ["dead"],
  });
});
