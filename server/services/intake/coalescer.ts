import { SurelayError } from "../../errors.ts";
import type { QueueLimit } from "./queue-limit.ts";

/** Who asked: is told the result of each of its items, exactly once. */
export interface Receiver<Result> {
  settle(index: number, result: Result | SurelayError): void;
}

export interface CoalescerOptions<Item, Result> {
  /** What the calls do, for messages: "prepare". */
  name: string;
  /**
   * Handles a flush; results stand in the order of the items. It must not throw for one bad item, only when all of it
   * failed. `abandoned` aborts when nobody waits any longer: the connection in use is to be given up.
   */
  flush: (items: readonly Item[], abandoned: AbortSignal) => Promise<(Result | SurelayError)[]>;
  bytesOf: (item: Item) => number;
  /** Keeps items of one id that must not share a flush apart: the later one waits for the next. */
  apart?: { idOf: (item: Item) => string; clash: (a: Item, b: Item) => boolean };
  limit: QueueLimit;
  /** Most items and bytes of one flush; a single item larger than that goes alone. */
  maxItems: number;
  maxBytes: number;
  /** Flushes at the same time. More than one gives up the order of items. */
  inFlight: number;
  timeoutMs: number;
  observe?: (flush: { items: number; bytes: number; ms: number; failed: boolean }) => void;
}

interface Waiting<Item, Result> {
  item: Item;
  bytes: number;
  receiver: Receiver<Result>;
  index: number;
  since: number;
}

interface Flight<Item, Result> {
  batch: Waiting<Item, Result>[];
  began: number;
  abandoned: AbortController;
}

/**
 * Gathers the items of concurrent calls into flushes: the next one leaves when the one before has returned, with whatever
 * came meanwhile. So an idle service answers at once, a busy one writes large statements, and no delay is tuned.
 *
 * A caller is answered after its flush returned, or told after `timeoutMs` that it did not: an item still waiting is
 * taken out and was certainly not stored; of an item in flight the outcome is unknown, and the answer says so.
 */
export class Coalescer<Item, Result> {
  readonly #options: CoalescerOptions<Item, Result>;
  #queue: Waiting<Item, Result>[] = [];
  #head = 0;
  readonly #flights = new Set<Flight<Item, Result>>();
  #scheduled = false;
  #onIdle: (() => void)[] = [];

  constructor(options: CoalescerOptions<Item, Result>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  /**
   * Queues the items of one call, in order.
   *
   * @throws SurelayError `unavailable` when they do not fit; none of them is queued then
   */
  push(items: readonly Item[], receiver: Receiver<Result>): void {
    let bytes = 0;
    for (const item of items) bytes += this.#options.bytesOf(item);
    if (!this.#options.limit.take(items.length, bytes))
      throw new SurelayError(
        "unavailable",
        "The service has as many messages waiting as it takes. Nothing was stored; try again.",
        { retryAfterSeconds: 1 },
      );
    const since = performance.now();
    for (let index = 0; index < items.length; index++) {
      const item = items[index]!;
      this.#queue.push({ item, bytes: this.#options.bytesOf(item), receiver, index, since });
    }
    this.#schedule();
  }

  /** Answers those who have waited too long. Called from a timer of the owner, so that no call needs one of its own. */
  expire(now: number): void {
    const { timeoutMs, name } = this.#options;
    while (this.#head < this.#queue.length && now - this.#queue[this.#head]!.since > timeoutMs) {
      const late = this.#queue[this.#head]!;
      this.#dropHead();
      this.#options.limit.give(1, late.bytes);
      late.receiver.settle(
        late.index,
        new SurelayError(
          "unavailable",
          `The ${name} waited too long for the store. Nothing was stored; try again.`,
          {
            retryAfterSeconds: 2,
          },
        ),
      );
    }
    for (const flight of this.#flights) {
      if (flight.abandoned.signal.aborted || now - flight.began <= timeoutMs) continue;
      flight.abandoned.abort();
      const error = unknownOutcome(name);
      for (const waiting of flight.batch) waiting.receiver.settle(waiting.index, error);
    }
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async idle(): Promise<void> {
    if (this.waiting === 0 && this.#flights.size === 0) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  /** All requests that the event loop has in hand come into the same flush: it leaves at the end of the turn. */
  #schedule(): void {
    if (this.#scheduled || this.#flights.size >= this.#options.inFlight) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#flights.size < this.#options.inFlight && this.waiting > 0) void this.#fly();
    });
  }

  async #fly(): Promise<void> {
    const batch = this.#takeBatch();
    const flight = { batch, began: performance.now(), abandoned: new AbortController() };
    this.#flights.add(flight);
    const failed = await this.#run(flight);
    let bytes = 0;
    for (const waiting of batch) bytes += waiting.bytes;
    this.#flights.delete(flight);
    this.#options.limit.give(batch.length, bytes);
    this.#options.observe?.({ items: batch.length, bytes, ms: performance.now() - flight.began, failed });
    if (this.waiting > 0) this.#schedule();
    else if (this.#flights.size === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** @returns whether the flush failed as a whole */
  async #run(flight: Flight<Item, Result>): Promise<boolean> {
    const { batch, abandoned } = flight;
    try {
      const results = await this.#options.flush(
        batch.map((waiting) => waiting.item),
        abandoned.signal,
      );
      if (abandoned.signal.aborted) return true;
      for (let i = 0; i < batch.length; i++) batch[i]!.receiver.settle(batch[i]!.index, results[i]!);
      return false;
    } catch (cause) {
      if (abandoned.signal.aborted) return true;
      const error =
        cause instanceof SurelayError
          ? cause
          : new SurelayError("internal", `The ${this.#options.name} failed in the service.`, { cause });
      for (const waiting of batch) waiting.receiver.settle(waiting.index, error);
      return true;
    }
  }

  #takeBatch(): Waiting<Item, Result>[] {
    const { maxItems, maxBytes, apart } = this.#options;
    const batch: Waiting<Item, Result>[] = [];
    const later: Waiting<Item, Result>[] = [];
    const byId = new Map<string, Item>();
    let bytes = 0;
    while (this.#head < this.#queue.length && batch.length < maxItems) {
      const next = this.#queue[this.#head]!;
      if (batch.length > 0 && bytes + next.bytes > maxBytes) break;
      this.#dropHead();
      if (apart) {
        const id = apart.idOf(next.item);
        const other = byId.get(id);
        if (other !== undefined && apart.clash(other, next.item)) {
          later.push(next);
          continue;
        }
        byId.set(id, next.item);
      }
      bytes += next.bytes;
      batch.push(next);
    }
    if (later.length > 0) {
      this.#queue = [...later, ...this.#queue.slice(this.#head)];
      this.#head = 0;
    }
    return batch;
  }

  /** The queue is an array with a moving head: shift() copies everything behind it. */
  #dropHead(): void {
    this.#queue[this.#head] = undefined!;
    this.#head++;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    } else if (this.#head > 4096 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }
}

/** The connection was lost, or nobody answered, between asking and hearing: it may stand in the store or not. */
export function unknownOutcome(name: string, cause?: unknown): SurelayError {
  return new SurelayError(
    "unavailable",
    `The outcome of the ${name} is unknown: the store may have taken it or not. Repeat the call with the same id; that is safe.`,
    { retryAfterSeconds: 2, cause },
  );
}
