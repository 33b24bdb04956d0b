/** Whether the palette is open; null until it was opened once, for its code is loaded then. */
let open: boolean | null = null;
const listeners = new Set<() => void>();

export function paletteIsOpen(): boolean | null {
  return open;
}

export function openPalette(): void {
  set(true);
}

export function closePalette(): void {
  set(false);
}

export function togglePalette(): void {
  set(open !== true);
}

export function followPalette(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: boolean): void {
  open = next;
  for (const listener of listeners) listener();
}
