/** What a consumer makes of a message, whoever asks and however often. */
export type Fate = "fine" | "slow" | "fails first" | "fails always" | "rejected";

/** By share of 1,000. */
const FATES: [Fate, number][] = [
  ["rejected", 10],
  ["fails always", 10],
  ["fails first", 40],
  ["slow", 20],
];

/** Follows from the names alone, so that every process and the judge know it without telling each other. */
export function fateOf(messageId: string, subscription: string): Fate {
  // FNV-1a; ids of one millisecond differ in their ends alone.
  let hash = 2166136261;
  for (const char of `${messageId} ${subscription}`)
    hash = Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0;
  let place = ((hash ^ (hash >>> 15)) >>> 0) % 1000;
  for (const [fate, share] of FATES) {
    if (place < share) return fate;
    place -= share;
  }
  return "fine";
}

/** No attempt at it can succeed. */
export function isDeadly(fate: Fate): boolean {
  return fate === "rejected" || fate === "fails always";
}
