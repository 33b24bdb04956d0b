import fc from "fast-check";
import { expect, test } from "vitest";
import { readCheckAnswer } from "./read-check-answer.ts";

const read = (status: number, body: string) => readCheckAnswer(status, Buffer.from(body), false);

test.each(["committed", "rolled_back", "unknown"] as const)("a 200 that says %s counts", (outcome) => {
  expect(read(200, JSON.stringify({ outcome, more: 1 }))).toMatchObject({ outcome, error: null });
});

test.each([
  [200, "", "not_json"],
  [200, "committed", "not_json"],
  [200, '"committed"', "wrong_answer"],
  [200, "null", "wrong_answer"],
  [200, "[]", "wrong_answer"],
  [200, '{"outcome":"COMMITTED"}', "wrong_answer"],
  [200, '{"outcome":true}', "wrong_answer"],
  [201, '{"outcome":"committed"}', "http_status"],
  [204, "", "http_status"],
  [302, '{"outcome":"committed"}', "redirect"],
  [404, "", "http_status"],
  [500, '{"outcome":"committed"}', "http_status"],
])("%i %s is no answer: %s", (status, body, error) => {
  expect(read(status, body)).toMatchObject({ sent: true, outcome: "failed", error, status });
});

test("nothing but the contract's words in a 200 ever decides", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.json(), fc.string()), (status, body) => {
      const { outcome } = read(status, body);
      if (outcome === "failed") return;
      expect(status).toBe(200);
      expect((JSON.parse(body) as { outcome: string }).outcome).toBe(outcome);
    }),
  );
});
