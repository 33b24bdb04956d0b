/**
 * The row that j or k leads to, by key; null: there are no rows. The ends are ends. Without a cursor the first row comes
 * first, whichever way. A cursor whose row is gone goes on from the place where it was. Pure.
 *
 * @param at the place that the cursor's row had when it was last seen
 */
export function moveCursor(
  keys: readonly string[],
  cursor: string | null,
  step: 1 | -1,
  at: number,
): string | null {
  if (keys.length === 0) return null;
  if (cursor === null) return keys[0]!;
  const index = keys.indexOf(cursor);
  const last = keys.length - 1;
  if (index === -1) return keys[Math.min(Math.max(step === 1 ? at : at - 1, 0), last)]!;
  return keys[Math.min(Math.max(index + step, 0), last)]!;
}
