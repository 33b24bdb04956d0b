/**
 * How much may wait, in messages and bytes, over all queues of one process. Memory is bounded here: a call that does not
 * fit is refused before anything of it is queued.
 */
export class QueueLimit {
  readonly maxItems: number;
  readonly maxBytes: number;
  #items = 0;
  #bytes = 0;

  constructor(maxItems: number, maxBytes: number) {
    this.maxItems = maxItems;
    this.maxBytes = maxBytes;
  }

  get items(): number {
    return this.#items;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes room, whole or not at all. An empty queue takes anything: what could never fit would be refused for ever. */
  take(items: number, bytes: number): boolean {
    const fits = this.#items + items <= this.maxItems && this.#bytes + bytes <= this.maxBytes;
    if (!fits && this.#items > 0) return false;
    this.#items += items;
    this.#bytes += bytes;
    return true;
  }

  give(items: number, bytes: number): void {
    this.#items -= items;
    this.#bytes -= bytes;
  }
}
