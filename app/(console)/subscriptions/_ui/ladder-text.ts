const UNITS = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 } as const;
const STEP = /^(\d+(?:\.\d+)?)(s|m|min|h|d)?$/;

/** Delays as somebody types them, `5s, 30s, 2min, 1h`; without a unit seconds. @returns null: it says something else. Pure. */
export function parseLadder(text: string): number[] | null {
  const steps = text.split(/[\s,，、;]+/u).filter(Boolean);
  const seconds = steps.map((step) => {
    const [, count, unit] = STEP.exec(step.toLowerCase()) ?? [];
    return count === undefined ? Number.NaN : Number(count) * UNITS[(unit ?? "s") as keyof typeof UNITS];
  });
  return seconds.some(Number.isNaN) ? null : seconds;
}

/** The same the other way round, each in the largest unit that keeps it whole. */
export function printLadder(seconds: readonly number[]): string {
  return seconds.map(printStep).join(", ");
}

function printStep(seconds: number): string {
  for (const unit of ["d", "h", "min"] as const)
    if (seconds >= UNITS[unit] && seconds % UNITS[unit] === 0) return `${seconds / UNITS[unit]}${unit}`;
  return `${seconds}s`;
}
