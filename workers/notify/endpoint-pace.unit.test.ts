import { expect, test } from "vitest";
import type { WebhookResult } from "../../server/domain/decide-webhook.ts";
import { EndpointPace } from "./endpoint-pace.ts";

const accepted: WebhookResult = { kind: "accepted", status: 200 };
const failed = (reached: boolean, retryAfterSeconds: number | null = null): WebhookResult => ({
  kind: "failed",
  status: reached ? 500 : null,
  type: reached ? "http_500" : "timeout",
  message: "",
  retryAfterSeconds,
  reached,
});

test("three calls in a row that reach nobody make an endpoint suspect, and it rests for longer and longer", () => {
  const pace = new EndpointPace();
  const rests: number[] = [];
  for (let n = 0; n < 12; n++) {
    const became = pace.note(7, failed(false), n * 100_000, 0.5);
    expect(became).toBe(n === 2);
    expect(pace.isSuspect(7)).toBe(n >= 2);
    rests.push(pace.restMs(7, n * 100_000));
  }
  expect(rests).toEqual([0, 0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
  expect(pace.isSuspect(8)).toBe(false);
  pace.note(7, accepted, 2_000_000, 0.5);
  expect([pace.isSuspect(7), pace.restMs(7, 2_000_000)]).toEqual([false, 0]);
});

test("an error that the receiver itself answers makes nobody suspect", () => {
  const pace = new EndpointPace();
  for (let n = 0; n < 20; n++) {
    pace.note(7, failed(false), 0, 0.5);
    pace.note(7, failed(true), 0, 0.5);
  }
  expect([pace.isSuspect(7), pace.restMs(7, 0)]).toEqual([false, 0]);
});

test("410 lets it rest until it is disabled", () => {
  const pace = new EndpointPace();
  const gone: WebhookResult = { kind: "gone", status: 410, type: "http_410", message: "" };
  expect(pace.note(7, gone, 1000, 0.5)).toBe(true);
  expect([pace.isSuspect(7), pace.restMs(7, 1000)]).toEqual([false, 1000]);
});

test("Retry-After lets all of it rest, half a minute at most", () => {
  const pace = new EndpointPace();
  pace.note(7, failed(true, 3), 1000, 0.5);
  expect(pace.restMs(7, 1000)).toBe(3000);
  pace.note(7, failed(true, 86_400), 1000, 0.5);
  expect(pace.restMs(7, 1000)).toBe(30_000);
  pace.keepOnly(new Set([8]));
  expect(pace.restMs(7, 1000)).toBe(0);
});
