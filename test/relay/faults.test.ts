import { expect, test } from "vitest";
import { isClean } from "../chaos/judge.ts";
import { runChaos } from "../chaos/run-chaos.ts";

// The short form of `npm run chaos`: relays, API, PostgreSQL and broker as processes of their own.
const short = { brokers: 1, leaseMs: 3000, perSecond: 250, relays: 2, pace: 0.5 } as const;

test("relays killed and stopped, PostgreSQL and the broker killed, a relay joining: four zeros", async () => {
  const result = await runChaos({
    ...short,
    seconds: 8,
    faults: ["kill", "committed", "zombie", "broker", "postgres", "join"],
  });
  expect(result).toMatchObject({
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    cancelledSeen: 0,
    strangers: 0,
    relaysEnded: 0,
    drained: true,
  });
  expect(result.confirmed).toBeGreaterThan(500);
  expect(result.resendsAsked).toBeGreaterThan(20);
}, 240_000);

test("the judge can fail: a relay that ignores the progress markers doubles messages", async () => {
  const result = await runChaos({ ...short, seconds: 5, faults: ["committed"], withoutMarker: true });
  expect(result.duplicated).toBeGreaterThan(0);
  expect(isClean(result)).toBe(false);
}, 240_000);
