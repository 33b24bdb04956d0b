"use client";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { type ColumnChoice, readColumnChoice } from "./choose-columns.ts";

const CHANGED = "surelay:columns";

/** The columns chosen for a table, kept by this browser and followed by its other tabs. */
export function useColumnChoice(table: string): [ColumnChoice, (choice: ColumnChoice) => void] {
  const name = `surelay.columns.${table}`;
  const kept = useSyncExternalStore(
    follow,
    () => read(name),
    () => null,
  );
  const choice = useMemo(() => readColumnChoice(kept), [kept]);
  const keep = useCallback(
    (next: ColumnChoice) => {
      try {
        if (Object.keys(next).length === 0) localStorage.removeItem(name);
        else localStorage.setItem(name, JSON.stringify(next));
      } catch {
        // A browser that keeps nothing shows the default columns.
      }
      window.dispatchEvent(new Event(CHANGED));
    },
    [name],
  );
  return [choice, keep];
}

function follow(changed: () => void): () => void {
  for (const event of [CHANGED, "storage"]) window.addEventListener(event, changed);
  return () => {
    for (const event of [CHANGED, "storage"]) window.removeEventListener(event, changed);
  };
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
