export interface Settling<T> {
  /** Unique per row. */
  key: (row: T) => string;
  /** Whether a row stands above another in the list's order. */
  above: (row: T, other: T) => boolean;
}

export interface SettledRows<T> {
  rows: readonly T[];
  /** Rows that came above the held ones since they are held. */
  fresh: number;
}

/**
 * What a list shows while its reader is in the middle of it: the rows that it had when it was held still, in their order
 * and number, each as the newest answer has it if it is in there; what came since is only counted. Pure.
 *
 * @param held the rows as they were; null: nothing is held, the newest answer is shown as it is
 */
export function settleRows<T>(
  held: readonly T[] | null,
  fetched: readonly T[],
  { key, above }: Settling<T>,
): SettledRows<T> {
  if (held === null) return { rows: fetched, fresh: 0 };
  const newest = new Map(fetched.map((row) => [key(row), row]));
  const known = new Set(held.map(key));
  const top = held[0];
  return {
    rows: held.map((row) => newest.get(key(row)) ?? row),
    fresh: fetched.filter((row) => !known.has(key(row)) && (top === undefined || above(row, top))).length,
  };
}
