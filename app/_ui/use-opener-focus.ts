"use client";
import { useEffect, useState } from "react";

/** Longest that a closing dialog takes to fade on a busy machine, ms; until it is gone the focus is still inside. */
const FADE_MS = 5000;
const LOOK_MS = 30;

/**
 * Gives the focus back to what had it when a dialog opened, also to the dialog's first opener: the library's own return
 * does not know what had the focus before a dialog that was never open. Somebody who has gone on meanwhile is left alone.
 */
export function useOpenerFocus(opened: boolean): void {
  const [seen, setSeen] = useState<{ opened: boolean; opener: Element | null }>({
    opened: false,
    opener: null,
  });
  // While the page is still as it was: once the dialog stands, it has the focus.
  if (seen.opened !== opened) setSeen({ opened, opener: opened ? document.activeElement : seen.opener });
  const { opener } = seen;

  useEffect(() => {
    if (!opened || !(opener instanceof HTMLElement)) return undefined;
    return () => giveBack(opener);
  }, [opened, opener]);
}

function giveBack(opener: HTMLElement): void {
  const until = performance.now() + FADE_MS;
  const timer = setInterval(() => {
    const active = document.activeElement;
    const lost = active === null || active === document.body;
    if (lost && opener.isConnected) opener.focus({ preventScroll: true });
    if (lost || performance.now() > until || active.closest("[role=dialog]") === null) clearInterval(timer);
  }, LOOK_MS);
}
