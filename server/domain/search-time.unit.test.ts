import fc from "fast-check";
import { expect, test } from "vitest";
import { isWrittenTime, momentOf, writeMoment } from "./search-time.ts";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "Asia/Shanghai",
  "America/New_York",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
];

test("a moment written for a zone is read as the same by everybody", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2100, 0) }),
      fc.constantFrom(...ZONES),
      fc.constantFrom(...ZONES),
      (moment, zone, reader) => {
        const text = writeMoment(moment, zone);
        expect(isWrittenTime(text)).toBe(true);
        expect(momentOf(text, reader)).toBe(moment);
      },
    ),
  );
});

test.each([
  ["2026-11-21T10:00", "Europe/Berlin", "2026-11-21T09:00:00.000Z"],
  ["2026-07-01", "Europe/Berlin", "2026-06-30T22:00:00.000Z"],
  ["2026-11-21T10:00:05.5Z", "Asia/Shanghai", "2026-11-21T10:00:05.500Z"],
  ["2026-11-21T10:00-0330", "UTC", "2026-11-21T13:30:00.000Z"],
  // Twice on the clock: the first. Skipped by the clock: after the gap.
  ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
  ["2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
])("%s in %s is %s", (text, zone, iso) => {
  expect(new Date(momentOf(text, zone)).toISOString()).toBe(iso);
});

test.each([
  "",
  "2026",
  "2026-13-01",
  "2026-02-29",
  "2026-11-21T24:00",
  "2026-11-21T10:60",
  "2026-11-21T10:00+15:00",
  "10:00",
])("%s is no time", (text) => {
  expect(isWrittenTime(text)).toBe(false);
});
