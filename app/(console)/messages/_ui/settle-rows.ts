import type { MessageState } from "@/server/domain/message-state.ts";

interface Row {
  id: string;
  state: MessageState;
}

export interface SettledRows<T> {
  rows: T[];
  /** Rows that came since the list was held still. */
  fresh: number;
}

/**
 * What a list shows while its reader is in the middle of it: the rows it had when it was held still, in their order and
 * number, patched to where each message is by now; what came since is only counted.
 *
 * @param held the rows as they were; null: nothing is held, the newest answer is shown as it is
 * @param states newer states of held rows by id, where they are known
 */
export function settleRows<T extends Row>(
  held: readonly T[] | null,
  fetched: readonly T[],
  states: ReadonlyMap<string, MessageState>,
): SettledRows<T> {
  if (held === null) return { rows: [...fetched], fresh: 0 };
  const newest = new Map(fetched.map((row) => [row.id, row]));
  const known = new Set(held.map((row) => row.id));
  const rows = held.map((row) => {
    const current = newest.get(row.id) ?? row;
    const state = newest.get(row.id)?.state ?? states.get(row.id) ?? row.state;
    return current.state === state ? current : { ...current, state };
  });
  const top = held[0]?.id ?? "";
  return { rows, fresh: fetched.filter((row) => !known.has(row.id) && row.id > top).length };
}
