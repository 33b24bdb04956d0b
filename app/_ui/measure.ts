export interface Measure<Unit extends string> {
  unit: Unit;
  count: number;
}

/** A duration in its largest fitting unit, cut down: 61 s is 1 min. @param ms not negative; less counts as 0 */
export function measureDuration(ms: number): Measure<"ms" | "s" | "min" | "h" | "d"> {
  const whole = Math.max(0, Math.floor(ms));
  if (whole < 1000) return { unit: "ms", count: whole };
  if (whole < 60_000) return { unit: "s", count: Math.floor(whole / 1000) };
  if (whole < 3_600_000) return { unit: "min", count: Math.floor(whole / 60_000) };
  if (whole < 86_400_000) return { unit: "h", count: Math.floor(whole / 3_600_000) };
  return { unit: "d", count: Math.floor(whole / 86_400_000) };
}

/** A size, exact below 1 KiB, one decimal above. */
export function measureBytes(bytes: number): Measure<"bytes" | "kib" | "mib"> {
  if (bytes < 1024) return { unit: "bytes", count: bytes };
  if (bytes < 1024 * 1024) return { unit: "kib", count: Math.round((bytes / 1024) * 10) / 10 };
  return { unit: "mib", count: Math.round((bytes / 1024 / 1024) * 10) / 10 };
}
