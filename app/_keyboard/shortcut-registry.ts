import { matchShortcut, pressName } from "./match-shortcut.ts";
import { mayFire, readSituation } from "./may-fire.ts";

/** Headings of the help, in its order. */
export const SHORTCUT_GROUPS = ["general", "go", "page", "list"] as const;
export type ShortcutGroup = (typeof SHORTCUT_GROUPS)[number];

export interface Shortcut {
  /** `j`, `mod+k`, `g m`: names of presses (see `pressName`), a sequence with spaces between. */
  keys: string;
  /** What it does, in the page's language, for the help. */
  label: string;
  group: ShortcutGroup;
  /** It also works while a dialog or drawer is open. */
  inDialog: boolean;
  run: () => void;
}

/** Two keys of a sequence are at most this far apart, ms. */
const SEQUENCE_MS = 1200;

let shortcuts: readonly Shortcut[] = [];
const listeners = new Set<() => void>();
let begun: { presses: string[]; at: number } = { presses: [], at: 0 };

/** Makes a shortcut work until the returned function is called. */
export function addShortcut(shortcut: Shortcut): () => void {
  change([...shortcuts, shortcut]);
  return () => change(shortcuts.filter((one) => one !== shortcut));
}

/** All that work on the page as it is; the same array until one comes or goes. */
export function listShortcuts(): readonly Shortcut[] {
  return shortcuts;
}

export function followShortcuts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The document's one listener: finds the shortcut that a press completes, and runs it. */
export function handlePress(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const press = pressName(event);
  if (press === null) return;
  const situation = readSituation(event.target);
  const ready = shortcuts.filter((shortcut) => mayFire(press, shortcut, situation));
  const fresh = Date.now() - begun.at < SEQUENCE_MS ? begun.presses : [];
  const { hit, pending } = matchShortcut(ready, fresh, press);
  begun = { presses: pending, at: Date.now() };
  if (hit === null) return;
  event.preventDefault();
  hit.run();
}

function change(next: readonly Shortcut[]): void {
  shortcuts = next;
  for (const listener of listeners) listener();
}
