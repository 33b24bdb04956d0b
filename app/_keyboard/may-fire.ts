const TYPING = 'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="textbox"]';
/** Inputs in which no character is typed. */
const NOT_TYPING = /^(?:checkbox|radio|button|submit|reset|range|color|file)$/;
/** What takes Enter and Space itself. */
const ACTING =
  'a, button, summary, label, [role="button"], [role="menuitem"], [role="option"], [role="tab"], [role="switch"]';

/** What the page looks like to a press, read from the document by `readSituation`. */
export interface Situation {
  typing: boolean;
  /** The focus is on something that Enter or Space sets off. */
  onControl: boolean;
  /** A dialog or drawer that holds the focus is open. */
  inDialog: boolean;
  /** A menu or a list of options is open; keys are its own. */
  inMenu: boolean;
}

export function readSituation(target: EventTarget | null): Situation {
  const element = target instanceof Element ? target : null;
  const field = element?.closest(TYPING) ?? null;
  const type = field instanceof HTMLInputElement ? field.type : "";
  const typing = field !== null && !NOT_TYPING.test(type);
  return {
    typing,
    onControl: element?.closest(ACTING) !== null || (field !== null && !typing),
    inDialog: document.querySelector('[role="dialog"][aria-modal="true"]') !== null,
    // Closed lists of options stay in the document, hidden.
    inMenu: [...document.querySelectorAll('[role="menu"], [role="listbox"]:not([data-palette])')].some(
      (menu) => menu.checkVisibility(),
    ),
  };
}

/**
 * Whether a shortcut may answer a press: never while somebody types (but for those with Ctrl or Command), never in place
 * of the control that has the focus, and inside of a dialog only if it belongs there. Pure.
 */
export function mayFire(press: string, shortcut: { inDialog: boolean }, situation: Situation): boolean {
  const withModifier = press.startsWith("mod+");
  if (situation.typing && !withModifier) return false;
  if (situation.inMenu && !withModifier) return false;
  if (situation.onControl && (press === "enter" || press === "space")) return false;
  return !situation.inDialog || shortcut.inDialog;
}
