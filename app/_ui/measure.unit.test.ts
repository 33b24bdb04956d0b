import { describe, expect, test } from "vitest";
import { formatMoment } from "./format-moment.ts";
import { measureBytes, measureDuration } from "./measure.ts";

describe("measures", () => {
  test.each([
    [-5, "ms", 0],
    [999, "ms", 999],
    [59_999, "s", 59],
    [3_599_999, "min", 59],
    [86_399_999, "h", 23],
    [172_800_000, "d", 2],
  ])("%i ms is %s %i", (ms, unit, count) => {
    expect(measureDuration(ms)).toEqual({ unit, count });
  });

  test("sizes are exact below 1 KiB", () => {
    expect(measureBytes(1023)).toEqual({ unit: "bytes", count: 1023 });
    expect(measureBytes(64 * 1024)).toEqual({ unit: "kib", count: 64 });
    expect(measureBytes(1.5 * 1024 * 1024)).toEqual({ unit: "mib", count: 1.5 });
  });

  test("moments are digits in the zone that is asked for, midnight as 00", () => {
    const moment = new Date("2026-11-21T23:05:09.042Z");
    expect(formatMoment(moment, "UTC", true)).toBe("2026-11-21 23:05:09.042");
    expect(formatMoment(moment, "Europe/Berlin")).toBe("2026-11-22 00:05:09");
    expect(formatMoment(moment, "Asia/Shanghai")).toBe("2026-11-22 07:05:09");
  });
});
