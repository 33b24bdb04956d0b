import fc from "fast-check";
import { expect, test } from "vitest";
import { isMessageId, judgeMessageId, newMessageId, timeOfMessageId } from "./message-id.ts";

const window = { pastSeconds: 3600, futureSeconds: 60 };
const idAt = (ms: number) =>
  `${ms
    .toString(16)
    .padStart(12, "0")
    .replace(/^(.{8})/, "$1-")}-7000-8000-000000000000`;

test("a new id is a UUIDv7 of now, and ids grow", () => {
  const before = Date.now();
  const ids = Array.from({ length: 5000 }, newMessageId);
  expect(ids.every(isMessageId)).toBe(true);
  expect([...ids].sort()).toEqual(ids);
  expect(timeOfMessageId(ids[0]!)).toBeGreaterThanOrEqual(before);
});

test("an id is judged by its own clock against ours", () => {
  const now = Date.UTC(2026, 10, 21);
  fc.assert(
    fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (offsetMs) => {
      const id = idAt(now + offsetMs);
      expect(isMessageId(id)).toBe(true);
      expect(timeOfMessageId(id)).toBe(now + offsetMs);
      const verdict = judgeMessageId(id, now, window);
      if (offsetMs < -3_600_000) expect(verdict).toBe("too_old");
      else if (offsetMs > 60_000) expect(verdict).toBe("in_the_future");
      else expect(verdict).toBe("ok");
    }),
  );
});
