import { expect, it } from "vitest";
import { compareBooks } from "./compare-books.ts";

it("finds what is lost, doubled and phantom, and keeps apart what is only unconfirmed", () => {
  const order = (number: string, confirmed: boolean, withheld = false) => ({ number, confirmed, withheld });
  const found = compareBooks(
    [
      order("fine", true),
      order("lost", true),
      order("doubled", true),
      order("late", false),
      order("held", false, true),
      order("held and settled", false, true),
    ],
    ["fine", "doubled", "doubled", "rolled back", "held and settled"],
  );
  expect(found).toEqual({
    orders: 6,
    waybills: 5,
    lost: ["lost"],
    doubled: ["doubled"],
    phantom: ["rolled back"],
    unconfirmed: ["late"],
    withheld: ["held"],
  });
});
