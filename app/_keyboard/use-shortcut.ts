"use client";
import { useEffect, useRef } from "react";
import { type ShortcutGroup, addShortcut } from "./shortcut-registry.ts";

interface Options {
  /** Where the help lists it. Default: `page`. */
  group?: ShortcutGroup;
  /** Default: true. */
  enabled?: boolean;
  /** It also works while a dialog or drawer is open. Default: false. */
  inDialog?: boolean;
}

/**
 * Makes a shortcut work, and the help list it, while this component is on the page. It never fires while somebody types.
 * @param keys `j`, `?`, `enter`, `space`, `mod+k`, or a sequence: `g m`
 * @param label what it does, in the page's language
 */
export function useShortcut(keys: string, label: string, run: () => void, options: Options = {}): void {
  const { group = "page", enabled = true, inDialog = false } = options;
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    return addShortcut({ keys, label, group, inDialog, run: () => latest.current() });
  }, [keys, label, group, enabled, inDialog]);
}
