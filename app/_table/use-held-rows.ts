"use client";
import { useMemo, useState } from "react";
import { type SettledRows, type Settling, settleRows } from "./settle-rows.ts";
import { useScrolled } from "./use-scrolled.ts";

const HELD_BELOW_PIXELS = 60;

export interface HoldingRows<T, Tail = undefined> extends Settling<T> {
  /** What list it is: rows of another filter or page are let go. */
  address: string;
  fetched: readonly T[];
  /** How the list goes on below `fetched`: kept with the rows that are held, for their page ends where it ended. */
  tail?: Tail;
  /** `fetched` is the answer to this address. */
  settled: boolean;
  /** A reason to stand still beside being scrolled down: rows are selected, a row is looked at. */
  busy: boolean;
}

export interface HeldRows<T, Tail = undefined> extends SettledRows<T> {
  /** How the list goes on below `rows`. */
  tail: Tail | undefined;
  /** Rows that stand still by now, for asking what became of them; null: none do. */
  held: readonly T[] | null;
  /** Takes the newest rows in, as the reader asks for it: goes to the top, and stands still again if it has to. */
  showFresh: () => void;
}

/** Rows that move only while nobody is in the middle of them. `key` and `above` must be stable functions. */
export function useHeldRows<T, Tail = undefined>(options: HoldingRows<T, Tail>): HeldRows<T, Tail> {
  const { address, fetched, tail, settled, busy, key, above } = options;
  const scrolled = useScrolled(HELD_BELOW_PIXELS);
  const [kept, setKept] = useState<{ address: string; rows: readonly T[]; tail: Tail | undefined } | null>(
    null,
  );
  const wanted = busy || scrolled;
  const ours = kept?.address === address;
  if (wanted && settled && !ours && fetched.length > 0) setKept({ address, rows: fetched, tail });
  else if (kept !== null && (!wanted || !ours)) setKept(null);

  const ownKept = wanted && ours ? kept : null;
  const held = ownKept?.rows ?? null;
  const shown = useMemo(() => settleRows(held, fetched, { key, above }), [held, fetched, key, above]);
  return {
    ...shown,
    held,
    tail: ownKept === null ? tail : ownKept.tail,
    showFresh: () => {
      setKept(busy && settled ? { address, rows: fetched, tail } : null);
      window.scrollTo({ top: 0 });
    },
  };
}
