import { expect, it } from "vitest";
import { compareBooks } from "./compare-books.ts";

it("finds what is lost, doubled and phantom", () => {
  const found = compareBooks(["fine", "lost", "doubled"], ["fine", "doubled", "doubled", "rolled back"]);
  expect(found).toEqual({
    orders: 3,
    waybills: 4,
    lost: ["lost"],
    doubled: ["doubled"],
    phantom: ["rolled back"],
  });
});
