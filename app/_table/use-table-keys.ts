"use client";
import { useEffect, useEffectEvent } from "react";

export interface TableKeys {
  /** j and k; the arrows while the focus is in the table. */
  move: (step: 1 | -1) => void;
  /** Enter where no link or button has the focus. @returns whether there was something to open */
  open: () => boolean;
  /** p, Space. */
  peek: () => boolean;
  /** x. */
  select: () => boolean;
  /** Escape. */
  leave: () => boolean;
}

/** Where keys are text or belong to something else than the page's table. */
const ELSEWHERE =
  'textarea, select, input:not([type="checkbox"]), [contenteditable], [aria-modal="true"]:not([data-peek]), [role="menu"], [role="listbox"], [role="tablist"]';
const OWN_ACTION = "a, button, input, summary, [role='button'], [role='radio'], [role='switch']";

/** The keys of a page's table, wherever the focus is, unless they are text or another part's. */
export function useTableKeys(keys: TableKeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest(ELSEWHERE) !== null || modalIsOpen()) return;
    if (run(keys, event.key, target)) event.preventDefault();
  });
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function run(keys: TableKeys, key: string, target: Element): boolean {
  const inRows = target.closest("[data-table-rows]") !== null;
  const onRow = target.closest("[data-row-focus]") !== null;
  const free = onRow || target.closest(OWN_ACTION) === null;
  switch (key) {
    case "j":
      keys.move(1);
      return true;
    case "k":
      keys.move(-1);
      return true;
    case "ArrowDown":
    case "ArrowUp":
      if (!inRows) return false;
      keys.move(key === "ArrowDown" ? 1 : -1);
      return true;
    case "Enter":
      // A focused link opens itself, in a new tab if that is asked for.
      return target.closest(OWN_ACTION) === null && keys.open();
    case " ":
      return free && keys.peek();
    case "p":
      return keys.peek();
    case "x":
      return keys.select();
    case "Escape":
      return keys.leave();
    default:
      return false;
  }
}

/** A dialog over the page has the keys, also while the focus is still outside of it. */
function modalIsOpen(): boolean {
  return document.querySelector('[aria-modal="true"]:not([data-peek])') !== null;
}
