import { setTimeout as wait } from "node:timers/promises";

/** Most items of one batch. */
const BATCH = 500;
/** Fewer than that wait a moment for company: a statement per item would cost several times as much. */
const FEW = 64;
const GATHER_MS = 5;
/** A victim of a deadlock between two batches begins again. */
const TRIES = 4;

/** Writes what comes one by one in batches, one batch at a time. */
export abstract class BatchWriter<T> {
  #items: T[] = [];
  #writing: Promise<void> | undefined;
  #inHand = 0;

  /** Must not reject: what is to become of a batch that could not be written is known there. */
  protected abstract write(batch: readonly T[]): Promise<void>;

  /** Items that are not written yet. */
  get pending(): number {
    return this.#items.length + this.#inHand;
  }

  add(item: T): void {
    this.#items.push(item);
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  /** Resolves once everything that was added is written, or lost. */
  async whenIdle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#items.length > 0) {
      if (this.#items.length < FEW) await wait(GATHER_MS);
      const batch = this.#items.splice(0, BATCH);
      this.#inHand = batch.length;
      await this.write(batch);
      this.#inHand = 0;
    }
  }
}

/**
 * Repeats a statement that was a deadlock's or a serialisation's victim: such a one certainly did nothing. Any other failure
 * is thrown, for its outcome may be unknown.
 */
export async function againAsVictim<T>(statement: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await statement();
    } catch (error) {
      if (!isVictim(error) || tries >= TRIES) throw error;
    }
  }
}

function isVictim(error: unknown): boolean {
  return ["40P01", "40001"].includes(String((error as { code?: unknown } | null)?.code));
}
