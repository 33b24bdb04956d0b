/** A key event, as far as shortcuts look at it. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const NAMES: Record<string, string> = {
  " ": "space",
  Escape: "esc",
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

const MODIFIERS = new Set(["Control", "Meta", "Alt", "Shift", "CapsLock", "AltGraph", "Dead"]);

/**
 * The name of a press: `j`, `?`, `enter`, `space`, `shift+up`, `mod+k` (Ctrl, or Command on a Mac); null for a modifier
 * alone. A character already says whether Shift was down, so only named keys name it. Pure.
 */
export function pressName(press: Press): string | null {
  if (MODIFIERS.has(press.key)) return null;
  const named = NAMES[press.key] ?? (press.key.length > 1 ? press.key.toLowerCase() : undefined);
  const key = named ?? (press.ctrlKey || press.metaKey ? press.key.toLowerCase() : press.key);
  const parts = [
    ...(press.ctrlKey || press.metaKey ? ["mod"] : []),
    ...(press.altKey ? ["alt"] : []),
    ...(named !== undefined && press.shiftKey ? ["shift"] : []),
    key,
  ];
  return parts.join("+");
}

export interface Match<Shortcut> {
  /** The shortcut that is complete with this press. */
  hit: Shortcut | null;
  /** Presses to keep for the next one: the beginning of a longer shortcut, or none. */
  pending: string[];
}

/**
 * Takes a press into a sequence such as `g m`. A press that does not go on with what was begun begins anew. Of two
 * shortcuts with the same keys the one registered last wins: a page's own over the frame's. Pure.
 * @param begun what `pending` was last time, unless it has grown old
 */
export function matchShortcut<Shortcut extends { keys: string }>(
  shortcuts: readonly Shortcut[],
  begun: readonly string[],
  press: string,
): Match<Shortcut> {
  for (const presses of begun.length > 0 ? [[...begun, press], [press]] : [[press]]) {
    const typed = presses.join(" ");
    const hit = shortcuts.findLast(({ keys }) => keys === typed);
    if (hit !== undefined) return { hit, pending: [] };
    if (shortcuts.some(({ keys }) => keys.startsWith(`${typed} `))) return { hit: null, pending: presses };
  }
  return { hit: null, pending: [] };
}
