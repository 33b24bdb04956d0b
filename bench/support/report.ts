import { cpus, totalmem } from "node:os";

/** Prints rows as a table with aligned columns; numbers are rounded by the caller. */
export function printTable(title: string, rows: Record<string, string | number>[]): void {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!);
  const text = rows.map((row) => columns.map((c) => String(row[c] ?? "")));
  const widths = columns.map((c, i) => Math.max(c.length, ...text.map((line) => line[i]!.length)));
  const line = (cells: string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  console.log(`\n${title}`);
  console.log(line(columns));
  console.log(widths.map((w) => "─".repeat(w)).join("  "));
  for (const cells of text) console.log(line(cells));
}

/** The last line of every benchmark: all figures, for a machine to read. */
export function printFigures(bench: string, figures: Record<string, unknown>): void {
  console.log(
    `\n${JSON.stringify({ bench, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version, ...figures })}`,
  );
}

/** The p-th quantile (0 to 1) of values in any order; NaN for none. */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))]!;
}

export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
