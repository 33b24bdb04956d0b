import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { settleRows } from "./settle-rows.ts";

interface Row {
  id: string;
  state: string;
}
const row = (id: string, state = "READY"): Row => ({ id, state });
const by = { key: (r: Row) => r.id, above: (a: Row, b: Row) => a.id > b.id };

describe("a list that is read", () => {
  test("is shown as it comes while nothing is held", () => {
    const fetched = [row("3"), row("2")];
    expect(settleRows(null, fetched, by)).toEqual({ rows: fetched, fresh: 0 });
  });

  test("keeps its rows and their order while held, each as it is by now, and counts what is new", () => {
    const held = [row("3"), row("2")];
    const fetched = [row("5"), row("4"), row("3", "SENT")];
    expect(settleRows(held, fetched, by)).toEqual({ rows: [row("3", "SENT"), row("2")], fresh: 2 });
  });

  test("does not call a row new that filled the place of one that left the filter", () => {
    expect(settleRows([row("3"), row("2")], [row("3"), row("1")], by).fresh).toBe(0);
  });

  test("calls everything new when it was held empty", () => {
    expect(settleRows([], [row("1")], by)).toEqual({ rows: [], fresh: 1 });
  });

  test("never changes which rows are shown, nor their order, whatever comes", () => {
    const ids = fc.uniqueArray(fc.nat(50).map(String), { maxLength: 20 });
    fc.assert(
      fc.property(ids, ids, (before, now) => {
        const held = before.map((id) => row(id));
        const fetched = now.map((id) => row(id, "SENT"));
        const { rows, fresh } = settleRows(held, fetched, by);
        expect(rows.map((r) => r.id)).toEqual(before);
        expect(rows.filter((r) => r.state === "SENT").map((r) => r.id)).toEqual(
          before.filter((id) => now.includes(id)),
        );
        expect(fresh).toBeLessThanOrEqual(now.filter((id) => !before.includes(id)).length);
      }),
    );
  });
});
