import { describe, expect, test } from "vitest";
import { chooseColumn, readColumnChoice, visibleColumns } from "./choose-columns.ts";

const columns = [{ id: "id", fixed: true }, { id: "topic" }, { id: "lane", optional: true }];

describe("the choice of columns", () => {
  test("begins with what is not optional", () => {
    expect(visibleColumns(columns, {})).toEqual({ id: true, topic: true, lane: false });
  });

  test("shows and hides, but never hides a fixed column nor shows one that is gone", () => {
    const choice = { id: false, topic: false, lane: true, gone: true };
    expect(visibleColumns(columns, choice)).toEqual({ id: true, topic: false, lane: true });
    expect(chooseColumn(columns, {}, "id", false)).toEqual({});
    expect(chooseColumn(columns, {}, "gone", true)).toEqual({});
  });

  test("keeps only what differs from the default", () => {
    const hidden = chooseColumn(columns, {}, "topic", false);
    expect(hidden).toEqual({ topic: false });
    expect(chooseColumn(columns, hidden, "topic", true)).toEqual({});
    expect(chooseColumn(columns, hidden, "lane", true)).toEqual({ topic: false, lane: true });
  });

  test.each([[null], ["{"], ["null"], ["7"], ['{"topic":"no"}']])("reads %s as no choice", (kept) => {
    expect(readColumnChoice(kept)).toEqual({});
  });

  test("reads what was kept", () => {
    expect(readColumnChoice('{"topic":false,"odd":1}')).toEqual({ topic: false });
  });
});
