/** How what was due compares with what was done. */
export interface Comparison {
  due: number;
  done: number;
  /** Due, neither done nor given up. While the shop runs these may be on their way, or wait for a check-back. */
  lost: string[];
  /** Done more than once. */
  doubled: string[];
  /** Done though it was never due: what was rolled back must never be seen. */
  phantom: string[];
  /** Due, not done, and given up: Surelay names them, and they wait for a person. Not lost. */
  dead: string[];
}

/**
 * Compares what one book says is due with what another says was done, both by order number. Orders that were rolled back
 * have left no row. Pure.
 *
 * @param givenUp those whose delivery is dead or was discarded
 */
export function compareBooks(
  due: readonly string[],
  done: readonly string[],
  givenUp: readonly string[] = [],
): Comparison {
  const times = new Map<string, number>();
  for (const number of done) times.set(number, (times.get(number) ?? 0) + 1);
  const known = new Set(due);
  const named = new Set(givenUp);
  const missing = due.filter((number) => !times.has(number));
  return {
    due: due.length,
    done: done.length,
    lost: missing.filter((number) => !named.has(number)),
    doubled: [...times].filter(([, n]) => n > 1).map(([number]) => number),
    phantom: [...times.keys()].filter((number) => !known.has(number)),
    dead: missing.filter((number) => named.has(number)),
  };
}
