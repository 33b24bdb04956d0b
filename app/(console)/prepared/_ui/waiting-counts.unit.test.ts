import { expect, test } from "vitest";
import { appsInTrouble, countsOf } from "./waiting-counts.ts";
import type { WaitingApp } from "./waiting-item.ts";

const app = (name: string, more: Partial<WaitingApp> = {}): WaitingApp => ({
  app: name,
  checkUrl: "https://a.example/check",
  prepared: 0,
  undecided: 0,
  overdue: 0,
  oldestAt: null,
  breaker: null,
  ...more,
});
const away = {
  state: "open",
  since: new Date(0),
  probeAt: new Date(0),
  failures: 5,
  trips: 1,
  lastError: null,
} as const;

test("what waits is counted for one app or for all", () => {
  const sum = {
    apps: [app("a", { prepared: 5, overdue: 2 }), app("b", { prepared: 1, undecided: 7 })],
    overdueCapped: false,
  };
  expect(countsOf(sum, null).prepared.count).toBe(6);
  expect(countsOf(sum, "b")).toMatchObject({ overdue: { count: 0 }, undecided: { count: 7 } });
  expect(countsOf(sum, "nobody").prepared.count).toBe(0);
});

test("an app that cannot be reached comes first, one of which nothing waits does not come", () => {
  const apps = [
    app("calm"),
    app("busy", { prepared: 900 }),
    app("undecided", { undecided: 1 }),
    app("late", { prepared: 3, overdue: 3 }),
    app("away", { breaker: away }),
    app("back", { breaker: { ...away, state: "closed", probeAt: null } }),
  ];
  expect(appsInTrouble({ apps, overdueCapped: false }).map((one) => one.app)).toEqual([
    "away",
    "late",
    "undecided",
    "busy",
  ]);
});
