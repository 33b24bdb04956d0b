import { expect, test } from "vitest";
import { listChanges } from "./list-changes.ts";

test("what differs stands first", () => {
  expect(listChanges({ name: "a", role: "viewer" }, { name: "a", role: "admin" })).toEqual([
    { field: "role", before: "viewer", after: "admin", changed: true },
    { field: "name", before: "a", after: "a", changed: false },
  ]);
});

test("members of objects are fields, arrays are values", () => {
  expect(listChanges(null, { schema: { type: "object" }, scopes: ["produce"] })).toEqual([
    { field: "schema.type", before: undefined, after: "object", changed: true },
    { field: "scopes", before: undefined, after: ["produce"], changed: true },
  ]);
});

test("a field that is null is not a field that is absent", () => {
  expect(listChanges({ note: null }, {})).toEqual([
    { field: "note", before: null, after: undefined, changed: true },
    { field: "value", before: undefined, after: {}, changed: true },
  ]);
  expect(listChanges(null, null)).toEqual([]);
});
