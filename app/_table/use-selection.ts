"use client";
import { useState } from "react";

/**
 * The rows that are selected, over the pages of one filter; another filter begins with none. They are kept as they were
 * when they were chosen, since a page that is left no longer holds them.
 */
export function useSelection<T extends { id: string }>(filter: string) {
  const [kept, setKept] = useState<{ filter: string; selection: ReadonlyMap<string, T> }>({
    filter,
    selection: new Map(),
  });
  const [nothing] = useState<ReadonlyMap<string, T>>(() => new Map());
  const selection = kept.filter === filter ? kept.selection : nothing;

  function selectAmong(keys: ReadonlySet<string>, rows: readonly T[]) {
    const shown = new Map(rows.map((row) => [row.id, row]));
    const chosen = [...keys].flatMap((key) => {
      const row = shown.get(key) ?? selection.get(key);
      return row === undefined ? [] : [[key, row] as const];
    });
    setKept({ filter, selection: new Map(chosen) });
  }

  return { selection, selectAmong, clear: () => setKept({ filter, selection: nothing }) };
}
