import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decideValve,
  nextTokenMs,
  redeliveryBudget,
  VALVE_FAILURES,
  VALVE_HELD,
  VALVE_PROBES,
  VALVE_RECOVERED,
  VALVE_SHARE,
  type ValveSituation,
  type ValveState,
} from "./redelivery-valve.ts";

const few = fc.nat({ max: 40 });
const situation: fc.Arbitrary<ValveSituation> = fc
  .record({
    state: fc.constantFrom<ValveState>("open", "throttled", "probing", "shut"),
    trips: fc.nat({ max: 50 }),
    probeInMs: fc.integer({ min: -100_000, max: 100_000 }),
    failed: few,
    succeeded: few,
    due: fc.boolean(),
    inFlight: few,
    ackTimeoutMs: fc.integer({ min: 1000, max: 86_400_000 }),
  })
  .map(({ state, trips, probeInMs, failed, succeeded, ...rest }) => ({
    valve: {
      state,
      trips: state === "open" ? 0 : Math.max(1, trips),
      probeInMs: state === "open" || state === "shut" ? null : probeInMs,
    },
    outcomes: { failed, succeeded },
    ...rest,
  }));
const random = fc.double({ min: 0, max: 0.999_999, noNaN: true });
const shareOf = ({ outcomes: { failed, succeeded } }: ValveSituation) =>
  failed + succeeded === 0 ? 0 : failed / (failed + succeeded);

test("it closes for many failures that are most of all outcomes, and for nothing less", () => {
  fc.assert(
    fc.property(situation, random, (s, r) => {
      fc.pre(s.valve.state === "open");
      const move = decideValve(s, r);
      const closes = s.outcomes.failed >= VALVE_FAILURES && shareOf(s) >= VALVE_SHARE;
      expect(move?.to ?? null).toBe(closes ? "throttled" : null);
    }),
  );
});

test("while it is closed nothing is given out before the probe is due, and then a few", () => {
  fc.assert(
    fc.property(situation, random, (s, r) => {
      fc.pre(s.valve.state === "throttled");
      const move = decideValve(s, r);
      if (move?.to === "probing") {
        expect(s.valve.probeInMs).toBeLessThanOrEqual(0);
        expect(s.due).toBe(true);
        expect(move.probes).toBe(VALVE_PROBES);
        expect(move.waitMs).toBeGreaterThan(s.ackTimeoutMs);
      } else if (move?.to === "open") {
        expect(s.outcomes.succeeded).toBeGreaterThanOrEqual(VALVE_RECOVERED);
        expect(shareOf(s)).toBeLessThan(VALVE_SHARE);
      } else expect(move).toBeNull();
    }),
  );
});

test("a probe ends: it is answered, has vanished, or its time is over", () => {
  fc.assert(
    fc.property(situation, random, (s, r) => {
      fc.pre(s.valve.state === "probing");
      const move = decideValve(s, r);
      const heard = s.outcomes.failed + s.outcomes.succeeded;
      if (s.valve.probeInMs! <= 0 || s.inFlight === 0 || heard >= VALVE_PROBES) expect(move).not.toBeNull();
      else expect(move).toBeNull();
      if (move?.to === "open") expect(shareOf(s)).toBeLessThan(VALVE_SHARE);
      if (move?.to === "throttled")
        expect(move.trips).toBe(heard > 0 && shareOf(s) >= VALVE_SHARE ? s.valve.trips + 1 : s.valve.trips);
    }),
  );
});

test("it is held no longer than the longest time, and a shut one stays shut", () => {
  fc.assert(
    fc.property(situation, random, (s, r) => {
      const move = decideValve(s, r);
      if (move?.to === "throttled") {
        expect(move.heldMs).toBeGreaterThan(0);
        expect(move.heldMs).toBeLessThanOrEqual(VALVE_HELD.maxMs * (1 + VALVE_HELD.jitter) + 1);
      }
      if (s.valve.state === "shut") expect(move).toBeNull();
    }),
  );
});

test("a subscription that succeeds again is open after its next probe, whatever happened before", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), random, (trips, r) => {
      const base = { due: true, inFlight: 0, ackTimeoutMs: 30_000 };
      const throttled = { state: "throttled", trips, probeInMs: 0 } as const;
      const probing = decideValve({ ...base, valve: throttled, outcomes: { failed: 0, succeeded: 0 } }, r);
      expect(probing?.to).toBe("probing");
      const outcomes = { failed: 0, succeeded: VALVE_PROBES };
      const valve = { state: "probing", trips, probeInMs: 1000 } as const;
      expect(decideValve({ ...base, inFlight: 1, valve, outcomes }, r)).toEqual({ to: "open" });
    }),
  );
});

const budget = fc.record({
  ratePerSecond: fc.option(fc.integer({ min: 1, max: 10_000 })),
  tokens: fc.double({ min: 0, max: 10_000, noNaN: true }),
  maxInFlight: fc.integer({ min: 1, max: 10_000 }),
  inFlight: fc.nat({ max: 20_000 }),
  batch: fc.integer({ min: 1, max: 1000 }),
});

test("what is given out keeps to the rate, the cap and the batch", () => {
  fc.assert(
    fc.property(budget, (b) => {
      const n = redeliveryBudget(b);
      expect(Number.isInteger(n)).toBe(true);
      expect(n).toBeGreaterThanOrEqual(0);
      expect(n).toBeLessThanOrEqual(b.batch);
      if (n > 0) expect(n + b.inFlight).toBeLessThanOrEqual(b.maxInFlight);
      if (b.ratePerSecond !== null) expect(n).toBeLessThanOrEqual(b.tokens);
    }),
  );
});

test("the bucket holds a token when it was said to", () => {
  fc.assert(
    fc.property(budget, ({ ratePerSecond, tokens }) => {
      const ms = nextTokenMs({ ratePerSecond, tokens });
      expect(ms).toBeGreaterThanOrEqual(0);
      if (ratePerSecond !== null)
        expect(tokens + (ms / 1000) * ratePerSecond).toBeGreaterThanOrEqual(1 - 1e-9);
    }),
  );
});
