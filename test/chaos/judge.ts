/** What the producers know of their messages. */
export interface Truth {
  /** Confirmed, or sent in one phase, and told so by the API. */
  confirmed: Map<string, { topic: string; key: string; n: number }>;
  /** Cancelled or only prepared: nobody ever asked to have them sent. */
  neverSent: Set<string>;
  /** Asked to be sent, without an answer. May be seen once. */
  unknown: Set<string>;
}

/** A record as the consumer saw it. */
export interface Seen {
  id: string;
  topic: string;
  partition: number;
  offset: bigint;
}

export interface Verdict {
  confirmed: number;
  unknown: number;
  read: number;
  lost: number;
  duplicated: number;
  outOfOrder: number;
  cancelledSeen: number;
  /** Records no producer has ever heard of. */
  strangers: number;
}

export function isClean(verdict: Verdict): boolean {
  const { lost, duplicated, outOfOrder, cancelledSeen, strangers } = verdict;
  return lost + duplicated + outOfOrder + cancelledSeen + strangers === 0;
}

/**
 * Compares what a read_committed reader saw with what the producers know.
 *
 * @param seen in the order of offsets within each partition
 */
export function judge(truth: Truth, seen: Iterable<Seen>): Verdict {
  const verdict: Verdict = {
    confirmed: truth.confirmed.size,
    unknown: truth.unknown.size,
    read: 0,
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    cancelledSeen: 0,
    strangers: 0,
  };
  const once = new Set<string>();
  const last = new Map<string, { n: number; partition: number }>();
  for (const record of seen) {
    verdict.read++;
    if (once.has(record.id)) {
      verdict.duplicated++;
      continue;
    }
    once.add(record.id);
    const known = truth.confirmed.get(record.id);
    if (!known) {
      if (truth.neverSent.has(record.id)) verdict.cancelledSeen++;
      else if (!truth.unknown.has(record.id)) verdict.strangers++;
      continue;
    }
    const place = `${record.topic}/${known.key}`;
    const before = last.get(place);
    if (before && (before.n > known.n || before.partition !== record.partition)) verdict.outOfOrder++;
    if (!before || before.n < known.n) last.set(place, { n: known.n, partition: record.partition });
  }
  for (const id of truth.confirmed.keys()) if (!once.has(id)) verdict.lost++;
  return verdict;
}
