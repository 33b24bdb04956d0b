import { expect, test } from "vitest";
import { sumFlow } from "./sum-flow.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

test("adds up per app and per topic, and keeps the oldest", () => {
  const intake = [
    { appId: 1, topicId: 7, lastFive: 300 },
    { appId: 1, topicId: 8, lastFive: 150 },
    { appId: 2, topicId: 7, lastFive: 3 },
  ];
  const backlogs = [
    { state: "PREPARED" as const, appId: 1, topicId: 7, count: 2, oldestMinute: at(5) },
    { state: "PREPARED" as const, appId: 1, topicId: 8, count: 3, oldestMinute: at(2) },
    { state: "READY" as const, appId: 2, topicId: 7, count: 1, oldestMinute: at(9) },
  ];
  expect(sumFlow("appId", intake, backlogs)).toEqual(
    new Map([
      [1, { rate: 1.5, waiting: { PREPARED: { count: 5, oldest: at(2) } } }],
      [2, { rate: 0.01, waiting: { READY: { count: 1, oldest: at(9) } } }],
    ]),
  );
  expect(sumFlow("topicId", intake, backlogs).get(7)).toEqual({
    rate: 1.01,
    waiting: { PREPARED: { count: 2, oldest: at(5) }, READY: { count: 1, oldest: at(9) } },
  });
});
