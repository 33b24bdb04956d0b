import { NOTHING_SKIPPED, type Skipped, type SourceRow } from "../../server/sources/outbox-table.ts";

type Place = Pick<SourceRow, "ref" | "route" | "key">;

/**
 * Rows of a source that are refused, and through them the keys that wait: what follows a refused row under its key stays
 * where it is, everything else passes. Lives as long as the lease; the store keeps the findings themselves.
 */
export class RefusedRows {
  readonly #out = new Map<string, Place>();
  /** Refused before, and to be judged anew. */
  readonly #again = new Set<string>();

  /** Judge these anew: what they hold back is read again with them. */
  retry(refs: Iterable<string>): void {
    for (const ref of refs) {
      this.#out.delete(ref);
      this.#again.add(ref);
    }
  }

  refuse(row: Place): void {
    this.#again.delete(row.ref);
    this.#out.set(row.ref, row);
  }

  /** Of rows that were stored, those that had been refused before: their findings are to be forgotten. */
  settle(refs: readonly string[]): string[] {
    if (this.#again.size === 0) return [];
    return refs.filter((ref) => this.#again.delete(ref));
  }

  /** Rows that are gone. */
  drop(refs: Iterable<string>): void {
    for (const ref of refs) {
      this.#again.delete(ref);
      this.#out.delete(ref);
    }
  }

  get size(): number {
    return this.#out.size + this.#again.size;
  }

  /** What a read leaves where it is. */
  skipped(): Skipped {
    if (this.#out.size === 0) return NOTHING_SKIPPED;
    const keys = [...this.#out.values()].flatMap(({ route, key }) =>
      key === null || key === "" ? [] : [{ route, key }],
    );
    return { refs: [...this.#out.keys()], keys };
  }

  /**
   * What of one read passes, and what is refused; what stands behind a refused row of its key is neither, and waits. Pure.
   *
   * @param isRefused by the row itself
   */
  static split<R extends Place>(
    rows: readonly R[],
    isRefused: (row: R) => boolean,
  ): { passing: R[]; refused: R[] } {
    const held = new Set<string>();
    const passing: R[] = [];
    const refused: R[] = [];
    for (const row of rows) {
      const key = row.key === null || row.key === "" ? null : `${row.route}\0${row.key}`;
      if (key !== null && held.has(key)) continue;
      if (!isRefused(row)) passing.push(row);
      else {
        refused.push(row);
        if (key !== null) held.add(key);
      }
    }
    return { passing, refused };
  }
}
