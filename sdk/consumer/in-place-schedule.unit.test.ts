import fc from "fast-check";
import { expect, test } from "vitest";
import { delaySeconds } from "../contract/retry-schedule.ts";
import { readInPlaceSchedule } from "./in-place-schedule.ts";

const api = { url: "http://127.0.0.1:4000", key: "k" };
const topic = { topic: "surelay.acks" };

test("in ordered mode the last attempt begins while the service still waits, whatever the pauses come to", () => {
  const given = fc.record({
    ackTimeoutSeconds: fc.integer({ min: 1, max: 3600 }),
    maxAttempts: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
    firstDelaySeconds: fc.double({ min: 0, max: 60, noNaN: true }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(
      given,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ ackTimeoutSeconds, ...retry }, chance) => {
        const read = () =>
          readInPlaceSchedule({ ack: api, ordered: true, retry, policy: { ackTimeoutSeconds } });
        let schedule;
        try {
          schedule = read();
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        const { maxAttempts } = schedule.retry;
        if (retry.maxAttempts !== undefined) expect(maxAttempts).toBe(retry.maxAttempts);
        let seconds = 0;
        for (let n = 1; n < maxAttempts; n++) seconds += delaySeconds(schedule.retry, n, chance);
        expect(seconds).toBeLessThanOrEqual(schedule.inPlaceSeconds + 1e-6);
        expect(schedule.inPlaceSeconds).toBeLessThan(ackTimeoutSeconds);
      },
    ),
  );
});

test("the default takes as many attempts as there is time for", () => {
  const attempts = (ackTimeoutSeconds?: number) =>
    readInPlaceSchedule({
      ack: topic,
      ordered: true,
      ...(ackTimeoutSeconds && { policy: { ackTimeoutSeconds } }),
    }).retry.maxAttempts;
  expect(attempts()).toBe(5); // 18 s of pauses at most, of 30
  expect(attempts(3)).toBe(2);
  expect(attempts(600)).toBe(8);
  expect(() => attempts(1)).toThrow(/Raise ackTimeoutSeconds/);
});

test("what cannot keep order is refused as soon as the subscription is known", () => {
  const retry = { maxAttempts: 8, firstDelaySeconds: 1, maxDelaySeconds: 60 };
  expect(() => readInPlaceSchedule({ ack: topic, ordered: true, retry })).toThrow(/only 5 of 8 attempts/);
  expect(() => readInPlaceSchedule({ ack: api, ordered: true, retry, policy: {} })).toThrow(RangeError);
  const policy = { ackTimeoutSeconds: 300 };
  expect(readInPlaceSchedule({ ack: topic, ordered: true, retry, policy })).toMatchObject({
    retry,
    inPlaceSeconds: 200,
  });
  // By the API it is known once the service has answered.
  expect(readInPlaceSchedule({ ack: api, ordered: true, retry })).toMatchObject({
    retry,
    inPlaceSeconds: Infinity,
  });
  const forEver = { ...retry, maxAttempts: Infinity, firstDelaySeconds: 0 };
  expect(() => readInPlaceSchedule({ ack: topic, ordered: true, retry: forEver, policy })).toThrow(
    RangeError,
  );
});

test("nobody waits for those who acknowledge by offset", () => {
  expect(readInPlaceSchedule({ ack: "offset", ordered: true })).toMatchObject({
    retry: { maxAttempts: Infinity, maxDelaySeconds: 60 },
    inPlaceSeconds: Infinity,
  });
});
