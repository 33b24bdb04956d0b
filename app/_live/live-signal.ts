/** What tabs tell each other about the stream that one of them holds for all. */
export type LiveSignal =
  /** A notice of the stream: what is shown may be outdated. */
  | {
      type: "notice";
      version: string;
      /** The database's clock, ms since the epoch; null: it does not answer. */
      at: number | null;
      /** Where a stream that is opened again goes on. */
      eventId: string;
    }
  /** The stream's connection was made or lost. Also the leader's sign of life. */
  | { type: "connection"; connected: boolean }
  /** The server refused the stream: whoever hears it finds out why. */
  | { type: "refused" }
  /** A tab that came later asks for what it has missed. */
  | { type: "ask" };

/** Reads what another tab sent; null for what this version does not know. Pure. */
export function readSignal(data: unknown): LiveSignal | null {
  if (typeof data !== "object" || data === null) return null;
  const { type, version, at, eventId, connected } = data as Record<string, unknown>;
  if (type === "refused" || type === "ask") return { type };
  if (type === "connection" && typeof connected === "boolean") return { type, connected };
  if (
    type === "notice" &&
    typeof version === "string" &&
    typeof eventId === "string" &&
    (at === null || typeof at === "number")
  )
    return { type, version, at, eventId };
  return null;
}
