import { expect, test } from "vitest";
import { type MessageParams, PAGE_SIZE, isFiltered, toListInput } from "./message-params.ts";

const id = "0193a000-0000-7000-8000-00000000000a";
const none: MessageParams = {
  state: [],
  held: false,
  topic: null,
  app: null,
  business: null,
  key: null,
  recent: null,
  from: null,
  to: null,
  before: null,
};

test("an address becomes a query; the order of states, an empty word and what is no cursor do not matter", () => {
  const params: MessageParams = {
    ...none,
    state: ["SENT", "PREPARED"],
    topic: "",
    app: "orders",
    recent: "1h",
    before: id.toUpperCase(),
  };
  expect(toListInput(params)).toEqual({
    states: ["PREPARED", "SENT"],
    held: false,
    topic: null,
    app: "orders",
    businessKey: null,
    key: null,
    withinSeconds: 3600,
    from: null,
    to: null,
    before: id,
    limit: PAGE_SIZE,
  });
  expect(toListInput({ ...none, before: "'; DROP" }).before).toBeNull();
});

test("a word that is longer than any stored one is cut, not refused", () => {
  expect(toListInput({ ...none, business: "x".repeat(300) }).businessKey).toHaveLength(257);
});

test("what narrows the list is a filter; a page of it is not", () => {
  expect(isFiltered({ ...none, before: id })).toBe(false);
  for (const one of [{ held: true }, { key: "k" }, { from: new Date() }, { state: ["READY" as const] }])
    expect(isFiltered({ ...none, ...one })).toBe(true);
});
