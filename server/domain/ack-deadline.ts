/** How far a group has come in one partition, as it was seen last. All times are the database's, in ms. */
export interface GroupReading {
  /** The offset it reads next; null: it has committed nothing there. */
  committed: bigint | null;
  /** What the topic's next record got, at `seenAt`. */
  endOffset: bigint;
  /** When the broker was asked last. */
  seenAt: number;
  /** When the committed offset was another one last. */
  movedAt: number;
  /** While it stands still: the first record that it has not passed. */
  headOffset: bigint | null;
  /** Since when it is known to have members while it stands so; null: nobody reads. */
  attendedAt: number | null;
  /** Where the committed offset was seen: rising, and the oldest at least an acknowledgement's time ago, if there is one. */
  trail: readonly { at: number; offset: bigint }[];
}

/** A delivery that its consumer has not answered. */
export interface AwaitedDelivery {
  /** When its record, or its redelivery's, was marked as committed in the broker, ms. */
  sentAt: number;
  /** When it was to be looked at, ms. */
  dueAt: number;
  ackTimeoutMs: number;
  /** Of its record; null: nobody knows, because a takeover found it committed. */
  offset: bigint | null;
}

export const ACK_DEADLINE = {
  /** What is known of a group counts for so long, ms: longer than a watcher, a broker or a deployment needs to be back. */
  knownForMs: 300_000,
  /** A record that a look at the end of the partition, so long after it was sent, did not find is not there any more, ms. */
  endLagMs: 10_000,
  /** What its group has not reached is looked at again after as long as it has waited, and this at most, ms. */
  mostHeldMs: 300_000,
} as const;

/**
 * When a delivery's record came into its consumer's hands at the latest, ms; null: it has not been reached. A group has a
 * record in hand from when it has passed everything before it. That is seen of records that it has passed itself, and of
 * the one that it stands at; between the two, one that hangs becomes the one it stands at. Before its first commit nobody
 * knows where it reads: it may begin at the end, so whoever is there is taken to have been given all of it.
 */
export function reachedAt(offset: bigint, reading: GroupReading): number | null {
  const { committed, movedAt, headOffset, attendedAt, trail } = reading;
  if (committed !== null && offset < committed)
    return Math.min(movedAt, ...trail.filter((seen) => seen.offset > offset).map(({ at }) => at));
  const standsAtIt = committed === null || (headOffset !== null && offset <= headOffset);
  return standsAtIt && attendedAt !== null ? Math.max(movedAt, attendedAt) : null;
}

/**
 * When a delivery is to be looked at next, ms; not later than `now`: its deadline is missed. The acknowledgement's time
 * counts from when the record was sent and its group had reached it. Pure; server/store/ack-deadline.ts says the same in SQL.
 *
 * @param reading null: its group has never committed anything of the topic that the record stands in. Of a group that is not
 * known, or was not seen for long, the time counts from sending alone
 */
export function nextLook(delivery: AwaitedDelivery, reading: GroupReading | null, now: number): number {
  const { sentAt, dueAt, ackTimeoutMs, offset } = delivery;
  if (offset === null || reading === null || now - reading.seenAt >= ACK_DEADLINE.knownForMs) return dueAt;
  if (offset >= reading.endOffset && reading.seenAt > sentAt + ACK_DEADLINE.endLagMs) return dueAt;
  const reached = reachedAt(offset, reading);
  if (reached !== null) return Math.max(sentAt, reached) + ackTimeoutMs;
  return now + Math.max(ackTimeoutMs, Math.min(now - sentAt, ACK_DEADLINE.mostHeldMs));
}
