/** Whether the help is open; null until it was opened once, for its code is loaded then. */
let open: boolean | null = null;
const listeners = new Set<() => void>();

export function helpIsOpen(): boolean | null {
  return open;
}

export function openShortcutHelp(): void {
  set(true);
}

export function closeShortcutHelp(): void {
  set(false);
}

export function followHelp(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: boolean): void {
  open = next;
  for (const listener of listeners) listener();
}
