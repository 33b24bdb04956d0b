"use client";
import { useMemo } from "react";

interface Rows<R> {
  rows: readonly R[];
  /** What stands still; null: nothing does. */
  held: readonly R[] | null;
  /** What the list's query answered last: these are true already. */
  fetched: readonly R[];
}

/**
 * Rows of a list with the states they are in by now.
 *
 * @param states of the held rows, by id; undefined: not known yet
 * @param moveTo a row that has moved on; defined outside of components
 */
export function useMovedRows<S, R extends { id: string; state: S }>(
  { rows, held, fetched }: Rows<R>,
  states: ReadonlyMap<string, S> | undefined,
  moveTo: (row: R, state: S) => R,
): readonly R[] {
  return useMemo(() => {
    if (held === null || states === undefined) return rows;
    const answered = new Set(fetched.map(({ id }) => id));
    return rows.map((row) => (answered.has(row.id) ? row : moveTo(row, states.get(row.id) ?? row.state)));
  }, [held, rows, fetched, states, moveTo]);
}
