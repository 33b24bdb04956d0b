"use client";
import { useState } from "react";
import type { MessageListItem } from "./message-list-item.ts";

const NOTHING: ReadonlyMap<string, MessageListItem> = new Map();

/**
 * The messages that are selected, over the pages of one filter; another filter begins with none. They are kept as they
 * were when they were chosen, since a page that is left no longer holds them.
 */
export function useSelection(filter: string) {
  const [kept, setKept] = useState({ filter, selection: NOTHING });
  const selection = kept.filter === filter ? kept.selection : NOTHING;

  function selectAmong(keys: ReadonlySet<string>, rows: readonly MessageListItem[]) {
    const shown = new Map(rows.map((row) => [row.id, row]));
    const chosen = [...keys].flatMap((key) => {
      const message = shown.get(key) ?? selection.get(key);
      return message === undefined ? [] : [[key, message] as const];
    });
    setKept({ filter, selection: new Map(chosen) });
  }

  return { selection, selectAmong };
}
