import { describe, expect, test } from "vitest";
import type { FailureGroup } from "./failure-shape.ts";
import { filterGroups, putTogether, recentOf } from "./regroup.ts";

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const group = (part: Partial<FailureGroup>, ...failures: number[]) =>
  ({
    id: "1",
    topic: "orders.created",
    subscription: "shipping",
    app: null,
    errorType: "Timeout",
    ignored: false,
    failures: 10,
    lastHour: 1,
    firstAt: at(1),
    lastAt: at(5),
    series: failures.map((count, n) => ({ at: at(n), failures: count })),
    ...part,
  }) as FailureGroup;

const few = group({ id: "few" }, 1, 0, 2);
const many = group(
  { id: "many", subscription: "billing", app: "bills", firstAt: at(0), lastAt: at(9) },
  4,
  4,
  4,
);
const ignored = group({ id: "ignored", ignored: true, errorType: "Refused" }, 9);
const filter = { show: "all", error: null, subscription: null, topic: null, app: null } as const;
const ids = (groups: readonly FailureGroup[]) => groups.map(({ id }) => id);

describe("failure groups", () => {
  test("are put together with their charts added up, what failed most first", () => {
    const together = putTogether([few, many, ignored], "topic");
    expect(together).toHaveLength(1);
    expect(together[0]).toMatchObject({ name: "orders.created", recent: 24, points: [14, 4, 6] });
    expect(together[0]!.firstAt).toEqual(at(0));
    expect(putTogether([few, many], "subscription").map(({ name, recent }) => [name, recent])).toEqual([
      ["orders.created/billing", 12],
      ["orders.created/shipping", 3],
    ]);
    expect(putTogether([few, many], "app").map(({ name }) => name)).toEqual(["bills", null]);
    expect(recentOf(few)).toBe(3);
  });

  test("are narrowed by what is ignored, by error, by whose they are", () => {
    const all = [few, many, ignored];
    expect(ids(filterGroups(all, filter))).toEqual(["many", "ignored", "few"]);
    expect(ids(filterGroups(all, { ...filter, show: "open" }))).toEqual(["many", "few"]);
    expect(ids(filterGroups(all, { ...filter, show: "ignored" }))).toEqual(["ignored"]);
    expect(ids(filterGroups(all, { ...filter, error: "Refused" }))).toEqual(["ignored"]);
    expect(ids(filterGroups(all, { ...filter, subscription: "orders.created/billing" }))).toEqual(["many"]);
    expect(ids(filterGroups(all, { ...filter, app: "bills" }))).toEqual(["many"]);
    expect(ids(filterGroups(all, { ...filter, topic: "other" }))).toEqual([]);
  });
});
