/** States in which a message's producer may be asked what became of it. */
export const ASKABLE_STATES = ["PREPARED", "UNDECIDED"] as const;
export type AskableState = (typeof ASKABLE_STATES)[number];
