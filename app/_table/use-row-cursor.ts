"use client";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { type RefObject, useCallback, useRef, useState } from "react";
import { moveCursor } from "./move-cursor.ts";
import { useTableKeys } from "./use-table-keys.ts";

interface Cursor {
  frame: RefObject<HTMLElement | null>;
  keys: readonly string[];
  hrefOf: (key: string) => string | null;
  peeks: boolean;
  select?: (key: string) => void;
  /** @returns whether there was a selection to leave */
  leaveSelection: () => boolean;
}

export interface RowCursor {
  /** The row that keys act on. */
  key: string | null;
  /** The row that the panel shows; in the address. */
  peeked: string | null;
  busy: boolean;
  move: (step: 1 | -1) => void;
  peek: (key: string) => void;
  closePeek: () => void;
}

/** The row that the keyboard is at, and the one in the panel: while the panel is open they are the same. */
export function useRowCursor({ frame, keys, hrefOf, peeks, select, leaveSelection }: Cursor): RowCursor {
  const router = useRouter();
  const [wanted, setPeeked] = useQueryState("peek", parseAsString);
  const peeked = peeks ? wanted : null;
  const [cursor, setCursor] = useState<string | null>(null);
  const key = peeked ?? cursor;
  const seenAt = useRef(0);

  const peek = useCallback(
    (next: string) => {
      setCursor(next);
      // One step of the history for the panel, however many rows it goes through.
      const open = new URLSearchParams(window.location.search).has("peek");
      void setPeeked(next, { history: open ? "replace" : "push" });
    },
    [setPeeked],
  );

  function goTo(next: string, focus: boolean) {
    seenAt.current = Math.max(0, keys.indexOf(next));
    const row = frame.current?.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(next)}"]`);
    row?.scrollIntoView({ block: "nearest" });
    if (focus)
      (row?.matches("[data-row-focus]") ? row : row?.querySelector<HTMLElement>("[data-row-focus]"))?.focus({
        preventScroll: true,
      });
  }

  function move(step: 1 | -1) {
    const next = moveCursor(keys, key, step, seenAt.current);
    if (next === null) return;
    if (peeked !== null) peek(next);
    else setCursor(next);
    goTo(next, peeked === null);
  }

  function closePeek() {
    void setPeeked(null, { history: "replace" });
    if (peeked !== null) goTo(peeked, true);
  }

  useTableKeys({
    move,
    open: () => {
      const href = key === null ? null : hrefOf(key);
      if (href !== null) router.push(href);
      return href !== null;
    },
    peek: () => {
      if (!peeks || key === null) return false;
      if (peeked === null) peek(key);
      else closePeek();
      return true;
    },
    select: () => {
      if (key === null || select === undefined || !keys.includes(key)) return false;
      select(key);
      return true;
    },
    leave: () => {
      if (peeked !== null) closePeek();
      else if (leaveSelection()) return true;
      else if (cursor === null) return false;
      else {
        setCursor(null);
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      }
      return true;
    },
  });

  return { key, peeked, busy: key !== null, move, peek, closePeek };
}
