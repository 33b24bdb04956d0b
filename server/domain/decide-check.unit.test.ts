import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CHECK_LIMITS,
  checkPolicyOf,
  checkTimes,
  type CheckPolicy,
  NO_CHECK_SETTINGS,
} from "./check-policy.ts";
import { CHECK_ERRORS, type CheckResult, decideCheck, UNSENT_ERRORS, wasReached } from "./decide-check.ts";

const policy = fc.record<CheckPolicy>({
  afterSeconds: fc.integer({ min: 1, max: 86_400 }),
  factor: fc.double({ ...CHECK_LIMITS.factor, noNaN: true }),
  maxDelaySeconds: fc.integer(CHECK_LIMITS.maxDelaySeconds),
  maxAttempts: fc.integer({ min: 1, max: 50 }),
  jitter: fc.double({ ...CHECK_LIMITS.jitter, noNaN: true }),
  timeoutSeconds: fc.integer(CHECK_LIMITS.timeoutSeconds),
  concurrency: fc.integer(CHECK_LIMITS.concurrency),
});
const random = fc.double({ min: 0, max: 0.999, noNaN: true });
const undecisive: fc.Arbitrary<CheckResult & { sent: true }> = fc.oneof(
  fc.constant({ sent: true, outcome: "unknown", error: null, status: 200, detail: null } as const),
  fc.record({
    sent: fc.constant(true as const),
    outcome: fc.constant("failed" as const),
    error: fc.constantFrom(...CHECK_ERRORS),
    status: fc.option(fc.integer({ min: 100, max: 599 })),
    detail: fc.constant("why"),
  }),
);

test("a definitive answer decides whatever came before", () => {
  fc.assert(
    fc.property(policy, fc.nat(100), random, (policy, before, random) => {
      const answer = (outcome: "committed" | "rolled_back") =>
        decideCheck(policy, before, { sent: true, outcome, error: null, status: 200, detail: null }, random);
      expect([answer("committed"), answer("rolled_back")]).toEqual([{ kind: "confirm" }, { kind: "cancel" }]);
    }),
  );
});

test("what was not sent is not counted, however often", () => {
  fc.assert(
    fc.property(
      policy,
      fc.nat(100),
      fc.constantFrom(...UNSENT_ERRORS),
      random,
      (policy, before, error, random) => {
        const decision = decideCheck(policy, before, { sent: false, error, detail: "" }, random);
        expect(decision.kind).toBe("put_back");
      },
    ),
  );
});

test("exactly maxAttempts checks are sent, each within the bounds of its step", () => {
  fc.assert(
    fc.property(policy, fc.infiniteStream(undecisive), random, (policy, results, random) => {
      for (let sent = 0; ; sent++) {
        const decision = decideCheck(policy, sent, results.next().value!, random);
        if (decision.kind === "give_up") {
          expect(sent + 1).toBe(policy.maxAttempts);
          expect(decision.reason).toContain("asked");
          return;
        }
        if (decision.kind !== "ask_later") throw new Error(decision.kind);
        const plain =
          Math.min(policy.maxDelaySeconds, policy.afterSeconds * policy.factor ** (sent + 1)) * 1000;
        expect(decision.delayMs).toBeGreaterThanOrEqual(Math.floor(plain * (1 - policy.jitter)));
        expect(decision.delayMs).toBeLessThanOrEqual(Math.ceil(plain * (1 + policy.jitter)));
      }
    }),
  );
});

test("the defaults ask after 10 s, then 20, 40 … up to 5 minutes apart, 12 times", () => {
  const times = checkTimes(checkPolicyOf(NO_CHECK_SETTINGS, 10));
  expect(times.slice(0, 5)).toEqual([10, 30, 70, 150, 310]);
  expect(times).toHaveLength(12);
  expect(times[6]! - times[5]!).toBe(300);
});

test.each([
  [{ sent: true, outcome: "unknown", error: null, status: 200, detail: null }, true],
  [{ sent: true, outcome: "failed", error: "http_status", status: 404, detail: null }, true],
  [{ sent: true, outcome: "failed", error: "redirect", status: 302, detail: null }, true],
  [{ sent: true, outcome: "failed", error: "http_status", status: 500, detail: null }, false],
  [{ sent: true, outcome: "failed", error: "timeout", status: null, detail: null }, false],
  [{ sent: true, outcome: "failed", error: "connection_lost", status: 200, detail: null }, false],
  [{ sent: false, error: "not_connected", detail: "" }, false],
] as const satisfies [CheckResult, boolean][])("%j reached the app: %s", (result, reached) => {
  expect(wasReached(result)).toBe(reached);
});
