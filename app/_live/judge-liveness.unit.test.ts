import { expect, test } from "vitest";
import { SILENCE_MS, judgeLiveness } from "./judge-liveness.ts";

const good = { connected: true, heardAt: 1000, databaseAnswers: true, now: 1500 };

test("a page is live only while it is connected, spoken to, and the database answers", () => {
  expect(judgeLiveness(good)).toBe("live");
  expect(judgeLiveness({ ...good, heardAt: null })).toBe("connecting");
  expect(judgeLiveness({ ...good, connected: false })).toBe("stale");
  expect(judgeLiveness({ ...good, now: 1001 + SILENCE_MS })).toBe("stale");
  expect(judgeLiveness({ ...good, databaseAnswers: false })).toBe("database");
});
