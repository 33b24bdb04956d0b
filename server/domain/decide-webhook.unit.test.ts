import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decideWebhook,
  MOST_RETRY_AFTER_SECONDS,
  readRetryAfter,
  readWebhookAnswer,
  type WebhookPolicy,
  type WebhookResult,
} from "./decide-webhook.ts";

const NOW = Date.UTC(2030, 0, 1);
const answer = (status: number, more: { retryAfter?: string; body?: string } = {}) =>
  readWebhookAnswer({ status, retryAfter: more.retryAfter ?? null, body: more.body ?? null }, NOW);

const policies: fc.Arbitrary<WebhookPolicy> = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 1000 }),
  firstDelaySeconds: fc.integer({ min: 0, max: 86_400 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  maxDelaySeconds: fc.constant(604_800),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  ladderSeconds: fc.array(fc.integer({ min: 0, max: 604_800 }), { maxLength: 10 }),
});
const results: fc.Arbitrary<WebhookResult> = fc
  .record({
    status: fc.integer({ min: 200, max: 599 }),
    retryAfter: fc.option(fc.oneof(fc.nat().map(String), fc.string())),
    body: fc.option(fc.oneof(fc.string(), fc.json())),
  })
  .map((given) => readWebhookAnswer(given, NOW));
const random = fc.double({ min: 0, max: 0.999, noNaN: true });

test("never more calls than the maximum, 2xx is never called again, and Retry-After is waited for", () => {
  fc.assert(
    fc.property(
      policies,
      fc.integer({ min: 1, max: 2000 }),
      results,
      random,
      (policy, made, result, luck) => {
        const decision = decideWebhook(policy, made, result, luck);
        if (result.kind === "accepted") expect(decision).toEqual({ kind: "ack" });
        else if (result.kind === "gone") expect(decision.kind).toBe("reject");
        else if (made >= policy.maxAttempts) expect(decision.kind).toBe("give_up");
        else {
          expect(decision.kind).toBe("retry");
          const delayMs = decision.kind === "retry" ? decision.delayMs : Number.NaN;
          expect(delayMs).toBeGreaterThanOrEqual((result.retryAfterSeconds ?? 0) * 1000);
          expect(Number.isSafeInteger(delayMs)).toBe(true);
        }
      },
    ),
  );
});

describe("what an answer says", () => {
  test.each([
    [answer(200), { kind: "accepted", status: 200 }],
    [answer(299), { kind: "accepted", status: 299 }],
    [answer(410), { kind: "gone", type: "http_410" }],
    [
      answer(302),
      { kind: "failed", type: "http_302", message: "HTTP 302: redirects are not followed", reached: true },
    ],
    [answer(500, { retryAfter: "9" }), { kind: "failed", retryAfterSeconds: null, reached: true }],
    [answer(503, { retryAfter: "9" }), { kind: "failed", retryAfterSeconds: 9, reached: false }],
    [answer(429, { retryAfter: " 9 " }), { kind: "failed", retryAfterSeconds: 9, reached: true }],
    [answer(429), { kind: "failed", retryAfterSeconds: null }],
    [answer(502), { kind: "failed", reached: false }],
    [answer(400, { body: '{"title":"Bad","detail":"no\\n sku"}' }), { message: "HTTP 400: no sku" }],
    [answer(400, { body: '{"error":{"code":"E7","message":"no sku"}}' }), { message: "HTTP 400: no sku" }],
    [answer(400, { body: "<html>no sku" }), { message: "HTTP 400" }],
    [answer(400, { body: '{"error":' }), { message: "HTTP 400" }],
  ])("%j", (result, expected) => expect(result).toMatchObject(expected));
});

test.each([
  ["120", 120],
  ["0", 0],
  ["99999999999", null],
  ["999999999", MOST_RETRY_AFTER_SECONDS],
  [new Date(NOW + 90_000).toUTCString(), 90],
  [new Date(NOW - 90_000).toUTCString(), 0],
  ["Tuesday, 01-Jan-30 00:01:00 GMT", 60],
  ["soon", null],
  ["-1", null],
  ["1.5", null],
  ["", null],
  [null, null],
])("Retry-After %j is %j s", (header, seconds) => expect(readRetryAfter(header, NOW)).toBe(seconds));
