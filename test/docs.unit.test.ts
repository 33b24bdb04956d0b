import { expect, test } from "vitest";
import { staleDocs } from "../scripts/docs.ts";

test("the parts of docs/ that are made from code are as the code makes them", () => {
  expect(staleDocs(false)).toEqual([]);
});
