import fc from "fast-check";
import { expect, test } from "vitest";
import { describeError } from "./describe-error.ts";
import { type ConsumerOptions, readOptions } from "./options.ts";
import { DEFAULT_SCHEDULE, delaySeconds } from "../contract/retry-schedule.ts";
import { longestRetryWindow } from "./retry-policy.ts";

const database = {
  dialect: "postgresql" as const,
  transaction: () => Promise.reject(new Error()),
  query: () => Promise.reject(new Error()),
};
const options = (more: Partial<ConsumerOptions<unknown>> = {}): ConsumerOptions<unknown> => ({
  brokers: ["127.0.0.1:9092"],
  topic: "orders.created",
  subscription: "shipping",
  database,
  ack: "offset",
  ...more,
});

test("names that would not be names are refused", () => {
  expect(readOptions(options()).groupId).toBe("shipping");
  expect(() => readOptions(options({ subscription: "ship'ping" }))).toThrow(TypeError);
  expect(() => readOptions(options({ topic: "orders created" }))).toThrow(TypeError);
  expect(() => readOptions(options({ concurrency: 0 }))).toThrow(RangeError);
});

test("the inbox must remember longer than the service goes on delivering", () => {
  expect(() => readOptions(options({ inbox: { retentionDays: 0.01 } }))).not.toThrow(); // 127 s of pauses, 240 s of time-outs
  expect(() => readOptions(options({ inbox: { retentionDays: 0.004 } }))).toThrow(RangeError);
  const policy = { maxAttempts: 100, maxDelaySeconds: 86_400 };
  expect(() => readOptions(options({ policy }))).toThrow(/Keep the rows longer/);
  expect(() => readOptions(options({ policy, inbox: { retentionDays: 110 } }))).not.toThrow();
});

test("a consumer that lets messages pass is refused where the subscription keeps order", () => {
  const ack = { url: "http://127.0.0.1:4000", key: "k" };
  const policy = { ordered: true };
  expect(() => readOptions(options({ ack, policy }))).toThrow(/say ordered: true/);
  expect(readOptions(options({ ack, policy, ordered: true }))).toMatchObject({ ordered: true });
  expect(readOptions(options({ policy }))).toMatchObject({ inPlace: true }); // by offset everything waits
});

test("the longest window is never shorter than any run of the schedule", () => {
  const policy = fc.record({
    maxAttempts: fc.integer({ min: 1, max: 30 }),
    firstDelaySeconds: fc.double({ min: 0, max: 100, noNaN: true }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    maxDelaySeconds: fc.double({ min: 100, max: 10_000, noNaN: true }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    ladderSeconds: fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { maxLength: 5 }),
    ackTimeoutSeconds: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(
      policy,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 }),
      (given, chances) => {
        let seconds = given.maxAttempts * given.ackTimeoutSeconds;
        for (let n = 1; n < given.maxAttempts; n++) seconds += delaySeconds(given, n, chances[n]!);
        expect(longestRetryWindow(given)).toBeGreaterThanOrEqual(seconds - 1e-6);
      },
    ),
  );
  expect(delaySeconds({ ...DEFAULT_SCHEDULE, jitter: 0 }, 13, 0.5)).toBe(3600);
  expect(delaySeconds({ ...DEFAULT_SCHEDULE, jitter: 0, ladderSeconds: [5, 60] }, 7, 0.5)).toBe(60);
});

test("an error is described by what it is, whatever was thrown", () => {
  class PaymentDeclined extends Error {}
  expect(describeError(new PaymentDeclined("no")).type).toBe("PaymentDeclined");
  expect(describeError(Object.assign(new Error("dup"), { code: "23505" })).type).toBe("23505");
  expect(describeError(new Error("plain")).type).toBe("Error");
  expect(describeError({ odd: 1 })).toEqual({ type: "object", message: '{"odd":1}' });
  expect(describeError(undefined)).toEqual({ type: "undefined", message: "undefined" });
  const long = describeError(new Error("x".repeat(10_000)));
  expect(long.message).toHaveLength(4000);
  expect(long.stack!.length).toBeLessThanOrEqual(4000);
  expect(describeError(new Error("a\0\ud800b")).message).toBe("a\ufffd\ufffdb");
});
