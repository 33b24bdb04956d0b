import { expect, test } from "vitest";
import { judgeLane, type LaneFacts } from "./judge-lane.ts";
import { laneReportsOf } from "./lane-report.ts";

const working: LaneFacts = {
  owner: "relay-a",
  expiresInMs: 9000,
  paused: false,
  fault: false,
  ownerStanding: "alive",
  phase: "idle",
};

test.each<[Partial<LaneFacts>, ReturnType<typeof judgeLane>]>([
  [{}, "working"],
  [{ ownerStanding: "late" }, "working"],
  [{ ownerStanding: null, phase: null }, "working"],
  [{ fault: true }, "fault"],
  [{ paused: true, phase: "committing" }, "pausing"],
  [{ paused: true, phase: "paused" }, "paused"],
  [{ paused: true, phase: "paused", ownerStanding: "dead" }, "orphaned"],
  [{ ownerStanding: "stopped" }, "orphaned"],
  [{ expiresInMs: -1, ownerStanding: "dead" }, "expired"],
  [{ owner: null, expiresInMs: null }, "free"],
])("%o is %s", (more, standing) => {
  expect(judgeLane({ ...working, ...more })).toBe(standing);
});

test("reports of a version that writes them otherwise are left out, not trusted", () => {
  const report = { lane: 3, phase: "idle", since: 1, epoch: "4" };
  expect(laneReportsOf({ work: [report, { lane: "3" }, null, { ...report, phase: "dancing" }] })).toEqual([
    report,
  ]);
  for (const detail of [null, undefined, {}, { work: "none" }]) expect(laneReportsOf(detail)).toEqual([]);
});
