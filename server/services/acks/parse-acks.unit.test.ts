import fc from "fast-check";
import { expect, test } from "vitest";
import { newMessageId } from "../../domain/message-id.ts";
import { isRefused, parseAckBatch, parseAckRecord } from "./parse-acks.ts";

const record = (value: unknown) => parseAckRecord(Buffer.from(JSON.stringify(value)));

test("whatever a record holds is an acknowledgement or refused by the contract's code, and never thrown", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const parsed = parseAckRecord(Buffer.from(bytes));
        expect(isRefused(parsed) && parsed.error.code).toBe("validation_failed");
      },
    ),
  );
  expect(isRefused(parseAckRecord(null))).toBe(true);
});

test("an error's text, whatever it is, can be stored", () => {
  const text = fc.string({ unit: "binary", maxLength: 30_000 });
  fc.assert(
    fc.property(text, text, text, (type, message, stack) => {
      const error = { type: type || "E", message, stack };
      const parsed = record({ messageId: newMessageId(), subscription: "a", outcome: "retry", error });
      if (isRefused(parsed)) throw parsed.error;
      const stored = [parsed.failure!.type, parsed.failure!.message!, parsed.failure!.stack!];
      for (const one of stored) expect(/[\0\p{Surrogate}]/u.test(one)).toBe(false);
      expect(parsed.failure!.message!.length).toBeLessThanOrEqual(4000);
      expect(parsed.failure!.stack!.length).toBeLessThanOrEqual(16_000);
    }),
    { numRuns: 30 },
  );
});

test("what is no name of a subscription is refused: the store could not even look for one with U+0000", () => {
  for (const subscription of ["", "a\0", "A", "a b", ".a", "a".repeat(65), 7]) {
    const parsed = record({ messageId: newMessageId(), subscription, outcome: "acked" });
    expect(isRefused(parsed) && parsed.error.message).toMatch(/^subscription: /);
  }
});

test("what belongs to another outcome is not kept", () => {
  const base = { messageId: newMessageId(), subscription: "a", retryAfterSeconds: 5, error: { type: "E" } };
  expect(record({ ...base, outcome: "acked" })).toMatchObject({ retryAfterSeconds: null, failure: null });
  expect(record({ ...base, outcome: "retry" })).toMatchObject({
    retryAfterSeconds: 5,
    failure: { type: "E" },
  });
  expect(record({ ...base, outcome: "rejected" })).toMatchObject({ retryAfterSeconds: null });
  const bare = { messageId: newMessageId(), subscription: "a", outcome: "retry" };
  expect(record(bare)).toMatchObject({ failure: { type: "Error", message: null, stack: null } });
});

test("a call holds as many items as are allowed", () => {
  const body = (count: number) => Buffer.from(JSON.stringify({ items: Array(count).fill({}) }));
  expect(parseAckBatch(body(3), 3)).toHaveLength(3);
  expect(() => parseAckBatch(body(4), 3)).toThrow("more than 3");
});
