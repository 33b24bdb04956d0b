export type Liveness = "connecting" | "live" | "stale" | "database";

/** Silence longer than this means that the stream is broken, ms: the server speaks at least every 5 s. */
export const SILENCE_MS = 12_000;

export interface LiveSigns {
  connected: boolean;
  /** When the last notice came, ms of this browser's clock; null: none yet. */
  heardAt: number | null;
  /** The last notice said that the database answers. */
  databaseAnswers: boolean;
  /** Ms of this browser's clock. */
  now: number;
}

/** What may be claimed about a page's freshness. Pure. */
export function judgeLiveness({ connected, heardAt, databaseAnswers, now }: LiveSigns): Liveness {
  if (heardAt === null) return "connecting";
  if (!connected || now - heardAt > SILENCE_MS) return "stale";
  return databaseAnswers ? "live" : "database";
}
