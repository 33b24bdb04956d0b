import { expect, test } from "vitest";
import { PAGE_SIZE, toListInput } from "./message-params.ts";

const id = "0193a000-0000-7000-8000-00000000000a";

test("an address becomes a query; what is no state's order and no cursor does not matter", () => {
  expect(toListInput({ state: ["SENT", "PREPARED"], topic: "", before: id.toUpperCase() })).toEqual({
    states: ["PREPARED", "SENT"],
    topic: null,
    before: id,
    limit: PAGE_SIZE,
  });
  expect(toListInput({ state: [], topic: "t", before: "'; DROP" }).before).toBeNull();
});
