/**
 * What operators have paused, as this relay saw it last: read with every look at the lanes, which a pause or its end
 * wakes. A lane that is taken brings its own pause along, so that no relay sends in a lane it finds paused.
 */
export class Pauses {
  #lanes = new Set<number>();
  #topics: ReadonlySet<number> = new Set();

  hasLane(lane: number): boolean {
    return this.#lanes.has(lane);
  }

  hasTopic(topicId: number): boolean {
    return this.#topics.has(topicId);
  }

  /** @returns whether anything differs from before: whoever waits for the end of a pause is to be woken then */
  learn(lanes: ReadonlySet<number>, topics: ReadonlySet<number>): boolean {
    const changed = !sameSet(lanes, this.#lanes) || !sameSet(topics, this.#topics);
    this.#lanes = new Set(lanes);
    this.#topics = topics;
    return changed;
  }

  /** What taking a lane has told. */
  learnLane(lane: number, paused: boolean): void {
    if (paused) this.#lanes.add(lane);
    else this.#lanes.delete(lane);
  }
}

function sameSet(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && [...a].every((n) => b.has(n));
}
