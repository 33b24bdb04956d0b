/** Whom something is claimed for, and how much of it at most. */
export interface Wanted<T> {
  target: T;
  wanted: number;
}

/**
 * Who is claimed for, and how much: two generations of work at most are in hand, one under way and one waiting, and who
 * comes first when there is not room for all changes with every look.
 */
export class ClaimTurns<T extends { id: number }> {
  /** Those whose last claim brought all that was wanted: there is probably more. */
  readonly #hungry = new Set<number>();
  #turn = 0;

  /**
   * @param budget how much may be claimed altogether
   * @param wantedOf how much of one target may be claimed; 0: none now
   */
  choose(targets: readonly T[], budget: number, wantedOf: (target: T) => number): Wanted<T>[] {
    const chosen: Wanted<T>[] = [];
    this.#turn = (this.#turn + 1) % Math.max(1, targets.length);
    for (const target of [...targets.slice(this.#turn), ...targets.slice(0, this.#turn)]) {
      if (budget <= 0) break;
      const wanted = Math.min(budget, wantedOf(target));
      if (wanted <= 0) continue;
      budget -= wanted;
      chosen.push({ target, wanted });
    }
    return chosen;
  }

  /** Remembers what a claim brought. @param claimed ids of targets, one for each claim */
  note(chosen: readonly Wanted<T>[], claimed: readonly number[]): void {
    const counts = new Map<number, number>();
    for (const id of claimed) counts.set(id, (counts.get(id) ?? 0) + 1);
    for (const { target, wanted } of chosen) {
      if (counts.get(target.id) === wanted) this.#hungry.add(target.id);
      else this.#hungry.delete(target.id);
    }
  }

  isHungry(id: number): boolean {
    return this.#hungry.has(id);
  }
}
