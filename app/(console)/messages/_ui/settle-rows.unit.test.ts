import { describe, expect, test } from "vitest";
import { settleRows } from "./settle-rows.ts";

const row = (id: string, state: "PREPARED" | "READY" | "SENT") => ({ id, state });
const none = new Map();

describe("a list that is read", () => {
  test("is shown as it comes while nothing is held", () => {
    const fetched = [row("3", "READY"), row("2", "SENT")];
    expect(settleRows(null, fetched, none)).toEqual({ rows: fetched, fresh: 0 });
  });

  test("keeps its rows and their order while held, and counts what is new", () => {
    const held = [row("3", "READY"), row("2", "PREPARED")];
    const fetched = [row("5", "READY"), row("4", "READY"), row("3", "SENT")];
    expect(settleRows(held, fetched, none)).toEqual({
      rows: [row("3", "SENT"), row("2", "PREPARED")],
      fresh: 2,
    });
  });

  test("learns the state of rows that are no longer among the newest", () => {
    const held = [row("3", "READY"), row("2", "PREPARED")];
    expect(settleRows(held, [row("9", "READY")], new Map([["2", "SENT"]])).rows[1]).toEqual(row("2", "SENT"));
  });

  test("does not call a row new that filled the place of one that left the filter", () => {
    const held = [row("3", "PREPARED"), row("2", "PREPARED")];
    expect(settleRows(held, [row("3", "PREPARED"), row("1", "PREPARED")], none).fresh).toBe(0);
  });
});
