import { expect, test } from "vitest";
import { isWhole, runWhole } from "./run-whole.ts";

// The short form of `npm run chaos -- --scenario whole`.
test("everything killed and stopped from the producers to the consumers: all zeros", async () => {
  const result = await runWhole({ seconds: 8, pace: 0.25, perSecond: 20, patienceMs: 90_000 });
  expect(result).toMatchObject({
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    cancelledSeen: 0,
    strangers: 0,
    lostInEffect: 0,
    doubledInEffect: 0,
    phantoms: 0,
    effectsOutOfOrder: 0,
    redeliveredTwice: 0,
    neverRedelivered: 0,
    neverRecorded: 0,
    beyondMaximum: 0,
    left: {},
    ended: [],
  });
  expect(isWhole(result)).toBe(true);
  // It was a test of something.
  expect(result.transactions).toBeGreaterThan(20);
  expect(result.redeliveries).toBeGreaterThan(5);
  expect(result.dead).toBeGreaterThan(0);
  expect(Object.keys(result.faults).length).toBeGreaterThanOrEqual(8);
}, 240_000);
