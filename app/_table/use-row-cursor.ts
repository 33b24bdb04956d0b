"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { type FocusEvent, type KeyboardEvent, type RefObject, useCallback, useRef, useState } from "react";
import { useShortcut } from "../_keyboard/use-shortcut.ts";
import { moveCursor } from "./move-cursor.ts";

interface Cursor {
  frame: RefObject<HTMLElement | null>;
  keys: readonly string[];
  hrefOf: (key: string) => string | null;
  peeks: boolean;
  select?: (key: string) => void;
  /** Null: nothing is selected. */
  leaveSelection: (() => void) | null;
}

export interface RowCursor {
  /** The row that keys act on. */
  key: string | null;
  /** The row that the panel shows; in the address. */
  peeked: string | null;
  /** The panel is open, or the focus is in a row. */
  busy: boolean;
  move: (step: 1 | -1) => void;
  peek: (key: string) => void;
  closePeek: () => void;
  /** For the element around the rows. */
  rowEvents: {
    onKeyDown: (event: KeyboardEvent) => void;
    onFocus: () => void;
    onBlur: (event: FocusEvent) => void;
  };
}

/** The row that the keyboard is at, and the one in the panel: while the panel is open they are the same. */
export function useRowCursor({ frame, keys, hrefOf, peeks, select, leaveSelection }: Cursor): RowCursor {
  const t = useTranslations("table.keys");
  const router = useRouter();
  const [wanted, setPeeked] = useQueryState("peek", parseAsString);
  const peeked = peeks ? wanted : null;
  const [cursor, setCursor] = useState<string | null>(null);
  const key = peeked ?? cursor;
  const [within, setWithin] = useState(false);
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

  function togglePeek() {
    if (peeked !== null) closePeek();
    else if (key !== null) peek(key);
  }

  function leave() {
    if (peeked !== null) return closePeek();
    if (leaveSelection !== null) return leaveSelection();
    setCursor(null);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }

  const href = key === null ? null : hrefOf(key);
  const list = { group: "list" } as const;
  useShortcut("j", t("next"), () => move(1), list);
  useShortcut("k", t("previous"), () => move(-1), list);
  // A row's link that has the focus opens itself, in a new tab if that is asked for.
  useShortcut("enter", t("open"), () => router.push(href!), { ...list, enabled: href !== null });
  useShortcut("p", t("peek"), togglePeek, { ...list, enabled: peeks && key !== null });
  useShortcut("space", t("peek"), togglePeek, { ...list, enabled: peeks && key !== null });
  useShortcut("x", t("select"), () => select!(key!), {
    ...list,
    enabled: select !== undefined && key !== null && keys.includes(key),
  });
  const leaves = key !== null || leaveSelection !== null;
  useShortcut("esc", t("leave"), leave, { ...list, enabled: leaves });

  /** Keys that belong to a row only while it has the focus. */
  function onRowKey(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const onRow = event.target instanceof Element && event.target.matches("[data-row-focus]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === " " && onRow && peeks) togglePeek();
    else return;
    event.preventDefault();
  }

  const rowEvents = {
    onKeyDown: onRowKey,
    onFocus: () => setWithin(true),
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setWithin(false);
    },
  };
  return { key, peeked, busy: peeked !== null || within, move, peek, closePeek, rowEvents };
}
