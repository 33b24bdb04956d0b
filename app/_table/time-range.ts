/** Ranges that end now, in the order in which they are offered, and their length in seconds. */
export const RECENT_SECONDS = {
  "15m": 900,
  "1h": 3600,
  "6h": 21_600,
  "24h": 86_400,
  "7d": 604_800,
} as const;

export type Recent = keyof typeof RECENT_SECONDS;
export const RECENTS = Object.keys(RECENT_SECONDS) as Recent[];

/** A time that a list is narrowed to: a range that ends now and moves on with it, or fixed ends, either open. */
export interface TimeRange {
  recent: Recent | null;
  from: Date | null;
  /** Not included. */
  to: Date | null;
}

export const ANY_TIME: TimeRange = { recent: null, from: null, to: null };

export function isAnyTime({ recent, from, to }: TimeRange): boolean {
  return recent === null && from === null && to === null;
}
