import fc from "fast-check";
import { expect, test } from "vitest";
import {
  BREAKER_FAILURES,
  BREAKER_OPEN,
  type BreakerEvent,
  type BreakerView,
  decideBreaker,
} from "./check-breaker.ts";

const EVENTS: readonly BreakerEvent[] = [
  "reached",
  "unreachable",
  "probe_due",
  "probe_reached",
  "probe_unreachable",
  "probe_unused",
  "reset",
];
const event = fc.constantFrom(...EVENTS);
const random = fc.double({ min: 0, max: 0.999, noNaN: true });

/** A breaker under any events, with the count of failures that its process keeps. */
function run(events: readonly BreakerEvent[], random: number) {
  let breaker: BreakerView = { state: "closed", trips: 0 };
  let failures = 0;
  const steps = events.map((event) => {
    const before = breaker;
    failures = event === "unreachable" ? failures + 1 : event === "reached" ? 0 : failures;
    const move = decideBreaker(breaker, event, failures, random);
    if (move?.to === "open") breaker = { state: "open", trips: move.trips };
    else if (move) breaker = { state: move.to, trips: move.to === "closed" ? 0 : breaker.trips };
    if (move) failures = 0;
    return { event, before, move, after: breaker };
  });
  return steps;
}

test("it opens after so many failures in a row and not before, whatever answers came between", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom<BreakerEvent>("reached", "unreachable"), { maxLength: 60 }),
      random,
      (events, random) => {
        const steps = run(events, random);
        const row = events.map((_, i) => {
          const before = events.slice(0, i + 1);
          const last = before.lastIndexOf("reached");
          return before.length - 1 - last;
        });
        const firstOpen = steps.findIndex((s) => s.after.state === "open");
        expect(firstOpen).toBe(row.findIndex((n) => n >= BREAKER_FAILURES));
      },
    ),
  );
});

test("from closed to half open there is no way but through open, and only a due probe leads there", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), random, (events, random) => {
      for (const { event, before, after } of run(events, random)) {
        if (after.state === "half_open" && before.state !== "half_open") {
          expect([before.state, event]).toEqual(["open", "probe_due"]);
        }
        if (before.state === "open" && after.state === "closed") expect(event).toBe("reset");
        if (before.state === "half_open" && after.state === "closed")
          expect(["probe_reached", "reset"]).toContain(event);
        expect(after.trips > 0).toBe(after.state !== "closed");
      }
    }),
  );
});

test("what late answers say of an app whose breaker is open changes nothing", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<BreakerEvent>("reached", "unreachable"),
      fc.integer({ min: 1, max: 20 }),
      random,
      (event, trips, random) => {
        for (const state of ["open", "half_open"] as const)
          expect(decideBreaker({ state, trips }, event, 99, random)).toBeNull();
      },
    ),
  );
});

test("each failed probe lengthens the pause up to its bound; one that is not used costs nothing", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), random, (trips, random) => {
      const failed = decideBreaker({ state: "half_open", trips }, "probe_unreachable", 1, random);
      if (failed?.to !== "open") throw new Error("it must open");
      expect(failed.trips).toBe(trips + 1);
      const plain = Math.min(BREAKER_OPEN.maxMs, BREAKER_OPEN.firstMs * BREAKER_OPEN.factor ** trips);
      expect(failed.openMs).toBeGreaterThanOrEqual(Math.floor(plain * (1 - BREAKER_OPEN.jitter)));
      expect(failed.openMs).toBeLessThanOrEqual(Math.ceil(plain * (1 + BREAKER_OPEN.jitter)));
      expect(decideBreaker({ state: "half_open", trips }, "probe_unused", 1, random)).toEqual({
        to: "open",
        trips,
        openMs: 0,
      });
    }),
  );
});
