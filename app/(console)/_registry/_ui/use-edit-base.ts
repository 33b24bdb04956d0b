"use client";
import { useState } from "react";
import { ConflictError, type Meanwhile } from "./conflict.tsx";

/**
 * What a dialog's change is made from: the thing as it was when the dialog opened. If somebody else was first, nothing is
 * written, and the change is made from what is there then.
 *
 * @param current the thing as the page shows it
 * @param readNow reads it from the server
 */
export function useEditBase<T>(current: T, readNow: () => Promise<T>) {
  const [base, setBase] = useState(current);
  const [meanwhile, setMeanwhile] = useState<Meanwhile | null>(null);
  return {
    base,
    /** Who was first; for `ConflictNote`. */
    meanwhile,
    begin: () => {
      setBase(current);
      setMeanwhile(null);
    },
    /** Keeps the dialog open. @throws ConflictError always */
    startOver: async (by: Meanwhile): Promise<never> => {
      setBase(await readNow());
      setMeanwhile(by);
      throw new ConflictError();
    },
  };
}
