import { expect, test } from "vitest";
import { matchEntries } from "./match-entries.ts";

const entries = [
  { label: "API keys" },
  { label: "Topics", words: "kafka" },
  { label: "Workers", words: "topic lane" },
];
const names = (query: string) => matchEntries(entries, query).map(({ label }) => label);

test("an empty query finds all, in their order", () => {
  expect(names("  ")).toEqual(["API keys", "Topics", "Workers"]);
});

test("every word must occur, in the name or the other words", () => {
  expect(names("KAFKA top")).toEqual(["Topics"]);
  expect(names("kafka nothing")).toEqual([]);
});

test("a name that begins with the query comes first", () => {
  expect(matchEntries([{ label: "Hot topics" }, { label: "Topics" }], "top")[0]!.label).toBe("Topics");
});
