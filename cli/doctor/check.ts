export interface Check {
  /** What was looked at. */
  name: string;
  /** `warn` is worth a look, and no reason for exit code 1. */
  status: "ok" | "warn" | "fail";
  detail: string;
  /** What to do about it. */
  remedy?: string;
}

export const ok = (name: string, detail: string): Check => ({ name, status: "ok", detail });
export const warn = (name: string, detail: string, remedy: string): Check => ({
  name,
  status: "warn",
  detail,
  remedy,
});
export const fail = (name: string, detail: string, remedy: string): Check => ({
  name,
  status: "fail",
  detail,
  remedy,
});

const SIGNS = { ok: "✓", warn: "!", fail: "✗" } as const;

/** One line per check, and below it what to do. */
export function renderChecks(checks: Check[]): string {
  const width = Math.max(...checks.map((check) => check.name.length));
  return checks
    .map(({ name, status, detail, remedy }) => {
      const line = `${SIGNS[status]} ${name.padEnd(width)}  ${detail}`;
      return remedy ? `${line}\n  ${" ".repeat(width)}  → ${remedy}` : line;
    })
    .join("\n");
}
