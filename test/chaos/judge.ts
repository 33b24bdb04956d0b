/** What the producers know of their messages. */
export interface Truth {
  /** Confirmed, or sent in one phase, and told so by the API. */
  confirmed: Map<string, { topic: string; key: string; n: number }>;
  /** Cancelled or only prepared: nobody ever asked to have them sent. */
  neverSent: Set<string>;
  /** Asked to be sent, without an answer. May be seen once. */
  unknown: Set<string>;
  /** Attempts that operators asked for beside the first, by message, and were told that they are queued. */
  resends: Map<string, Set<number>>;
  /** Asked for without an answer: one further attempt may be seen. */
  maybeResent: Set<string>;
}

/** A record as the consumer saw it. */
export interface Seen {
  id: string;
  topic: string;
  partition: number;
  offset: bigint;
  /** The record's `surelay-attempt`. */
  attempt: number;
}

export interface Verdict {
  confirmed: number;
  unknown: number;
  read: number;
  lost: number;
  duplicated: number;
  outOfOrder: number;
  cancelledSeen: number;
  /** Records no producer, or attempts no operator, has ever heard of. */
  strangers: number;
  /** Attempts beside the first that were asked for. */
  resendsAsked: number;
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
    resendsAsked: [...truth.resends.values()].reduce((n, attempts) => n + attempts.size, 0),
  };
  const once = new Set<string>();
  const again = new Set<string>();
  const last = new Map<string, { n: number; partition: number }>();
  for (const record of seen) {
    verdict.read++;
    if (record.attempt > 1) {
      if (again.has(`${record.id} ${record.attempt}`)) verdict.duplicated++;
      else if (!truth.resends.get(record.id)?.has(record.attempt) && !truth.maybeResent.has(record.id))
        verdict.strangers++;
      else if (!once.has(record.id)) verdict.outOfOrder++;
      again.add(`${record.id} ${record.attempt}`);
      continue;
    }
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
  for (const [id, attempts] of truth.resends)
    for (const attempt of attempts) if (!again.has(`${id} ${attempt}`)) verdict.lost++;
  return verdict;
}
