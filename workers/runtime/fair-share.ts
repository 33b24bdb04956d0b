/** A lane as the balance sees it; or whatever else processes of one kind share, under its number. */
export interface LaneView {
  lane: number;
  owner: string | null;
  /** ms until the lease ends; negative: it has ended; null: nobody holds the lane. */
  expiresInMs: number | null;
}

export interface Balance {
  /** Lanes to try to take now. */
  take: number[];
  /** Lanes to give back after the transaction in hand, so that others take them. */
  giveBack: number[];
}

/**
 * How many of `lanes` the relay named `me` should own when `relays` are alive: all shares differ by at most one, and every
 * relay computes the same ones from the same facts, so that nobody has to lead.
 */
export function fairShare(lanes: number, relays: readonly string[], me: string): number {
  const names = [...new Set([...relays, me])].sort();
  const share = Math.floor(lanes / names.length);
  return share + (names.indexOf(me) < lanes % names.length ? 1 : 0);
}

/**
 * What a relay does about its lanes now. Lanes whose lease ran out are taken by whoever sees them first, shares or no
 * shares: messages wait in them. Free lanes are taken up to the share; above it lanes are given back, but only while some
 * other living relay has less than its own share, or they would be given to nobody.
 *
 * @param mine lanes this relay holds
 * @param reclaimable lanes that may be taken if they stand under our own name: what a former run of this relay left, or what
 * we failed to give back. Others under our name belong to a twin that wrongly runs under it too.
 */
export function balanceLanes(
  lanes: readonly LaneView[],
  relays: readonly string[],
  me: string,
  mine: ReadonlySet<number>,
  reclaimable: ReadonlySet<number>,
): Balance {
  const share = fairShare(lanes.length, relays, me);
  const expired = lanes.filter((l) => !mine.has(l.lane) && l.expiresInMs !== null && l.expiresInMs < 0);
  const left = lanes.filter(
    (l) => l.owner === me && !mine.has(l.lane) && !expired.includes(l) && reclaimable.has(l.lane),
  );
  const room = share - mine.size - expired.length - left.length;
  const free = lanes.filter((l) => l.owner === null && !mine.has(l.lane)).slice(0, Math.max(0, room));
  const surplus = mine.size - share;
  const counts = new Map<string, number>();
  for (const l of lanes)
    if (l.owner !== null && (l.expiresInMs ?? -1) >= 0) counts.set(l.owner, (counts.get(l.owner) ?? 0) + 1);
  const wanting = relays.some(
    (name) => name !== me && (counts.get(name) ?? 0) < fairShare(lanes.length, relays.concat(me), name),
  );
  return {
    take: [...expired, ...left, ...free].map((l) => l.lane),
    giveBack: surplus > 0 && wanting ? [...mine].sort((a, b) => b - a).slice(0, surplus) : [],
  };
}
