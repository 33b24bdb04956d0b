import { setTimeout as pause } from "node:timers/promises";
import { SurelayError } from "./surelay-error.ts";

export interface BatchQueueOptions<Item, Result> {
  /**
   * One attempt of one call. @returns a result or an error per item, in their order
   * @throws SurelayError when the call as a whole failed
   */
  call: (items: readonly Item[], timeoutMs: number) => Promise<readonly (Result | SurelayError)[]>;
  /** Calls at once. 1 keeps the order of `add` on the way to the service. */
  maxInFlight: number;
  maxItems: number;
  /** Of one call; an item that is larger goes alone. */
  maxBytes: number;
  bytesOf: (item: Item) => number;
  /** Items waiting or under way. */
  maxQueued: number;
  /** Of one attempt. */
  attemptTimeoutMs: number;
}

interface Entry<Item, Result> {
  item: Item;
  deadline: number;
  settle: (result: Result | SurelayError) => void;
}

const BACKOFF = { firstMs: 50, mostMs: 2000 };

/**
 * Makes single calls into batches: what comes up in one turn of the event loop, and whatever gathers while the calls in
 * flight are answered, goes together. Nobody waits for a batch to fill. What failed retryably goes again, at the front
 * and in its order, until its deadline; the pause between grows from 50 ms to 2 s, or is what the service asked for.
 */
export class BatchQueue<Item, Result> {
  readonly #options: BatchQueueOptions<Item, Result>;
  readonly #waiting: Entry<Item, Result>[] = [];
  readonly #idle: (() => void)[] = [];
  #inFlight = 0;
  #entries = 0;
  #failures = 0;
  #scheduled = false;
  #paused = false;
  #closed: SurelayError | undefined;

  constructor(options: BatchQueueOptions<Item, Result>) {
    this.#options = options;
  }

  /** @param timeoutMs until it is given up @throws SurelayError */
  add(item: Item, timeoutMs: number): Promise<Result> {
    if (this.#closed) return Promise.reject(this.#closed);
    if (this.#entries >= this.#options.maxQueued)
      return Promise.reject(new SurelayError("queue_full", `${this.#entries} calls are waiting already.`));
    this.#entries++;
    return new Promise((resolve, reject) => {
      const settle = (result: Result | SurelayError) => {
        if (result instanceof SurelayError) reject(result);
        else resolve(result);
        this.#entries--;
        if (this.#entries === 0) for (const tell of this.#idle.splice(0)) tell();
      };
      this.#waiting.push({ item, deadline: performance.now() + timeoutMs, settle });
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    if (this.#entries > 0) await new Promise<void>((tell) => this.#idle.push(tell));
  }

  /** Fails what waits; calls in flight are answered still. */
  close(): void {
    this.#closed = new SurelayError("closed", "It was closed before the call was answered.");
    for (const entry of this.#waiting.splice(0)) entry.settle(this.#closed);
  }

  #schedule(): void {
    if (this.#scheduled || this.#paused) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#waiting.length > 0 && this.#inFlight < this.#options.maxInFlight && !this.#paused)
        void this.#run(this.#take());
    });
  }

  #take(): Entry<Item, Result>[] {
    const { maxItems, maxBytes, bytesOf } = this.#options;
    let count = 0;
    let bytes = 0;
    while (count < Math.min(maxItems, this.#waiting.length)) {
      bytes += bytesOf(this.#waiting[count]!.item);
      if (count > 0 && bytes > maxBytes) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #run(batch: Entry<Item, Result>[]): Promise<void> {
    this.#inFlight++;
    const again = await this.#attempt(batch);
    this.#inFlight--;
    if (again.entries.length === 0) this.#failures = 0;
    else await this.#retry(again.entries, again.error!);
    this.#schedule();
  }

  /** Settles what is decided. @returns what shall go again, in its order, and why */
  async #attempt(
    batch: Entry<Item, Result>[],
  ): Promise<{ entries: Entry<Item, Result>[]; error?: SurelayError }> {
    const latest = Math.max(...batch.map((entry) => entry.deadline));
    const timeoutMs = Math.max(
      50,
      Math.min(this.#options.attemptTimeoutMs, Math.ceil(latest - performance.now())),
    );
    let results: readonly (Result | SurelayError)[];
    try {
      const items = batch.map((entry) => entry.item);
      results = await this.#options.call(items, timeoutMs);
    } catch (thrown) {
      const error =
        thrown instanceof SurelayError
          ? thrown
          : new SurelayError("bad_answer", String(thrown), { cause: thrown });
      if (batch.length > 1 && REFUSES_BATCH.has(error.code)) return this.#halves(batch);
      results = batch.map(() => error);
    }
    const entries: Entry<Item, Result>[] = [];
    let error: SurelayError | undefined;
    for (const [i, entry] of batch.entries()) {
      const result =
        i < results.length
          ? results[i]!
          : new SurelayError("bad_answer", "The answer holds fewer results than were asked for.");
      if (!(result instanceof SurelayError) || !result.retryable || performance.now() >= entry.deadline)
        entry.settle(result);
      else {
        entries.push(entry);
        error = result;
      }
    }
    return { entries, ...(error && { error }) };
  }

  /** The service refused the call and not its items: it takes fewer, or smaller ones, at a time. */
  async #halves(
    batch: Entry<Item, Result>[],
  ): Promise<{ entries: Entry<Item, Result>[]; error?: SurelayError }> {
    const middle = batch.length >> 1;
    const first = await this.#attempt(batch.slice(0, middle));
    const second = await this.#attempt(batch.slice(middle));
    const error = second.error ?? first.error;
    return { entries: [...first.entries, ...second.entries], ...(error && { error }) };
  }

  async #retry(entries: Entry<Item, Result>[], error: SurelayError): Promise<void> {
    if (this.#closed) {
      for (const entry of entries) entry.settle(this.#closed);
      return;
    }
    this.#waiting.unshift(...entries);
    if (this.#paused) return;
    this.#paused = true;
    const backoff = Math.min(BACKOFF.mostMs, BACKOFF.firstMs * 2 ** Math.min(this.#failures++, 10));
    const wanted = Math.max(backoff * (0.5 + Math.random() / 2), error.retryAfterMs);
    const earliest = Math.min(...entries.map((entry) => entry.deadline));
    await pause(Math.max(1, Math.min(wanted, earliest - performance.now())));
    this.#paused = false;
    this.#expire(error);
  }

  #expire(error: SurelayError): void {
    const now = performance.now();
    const late = this.#waiting.filter((entry) => entry.deadline <= now);
    if (late.length === 0) return;
    const kept = this.#waiting.filter((entry) => entry.deadline > now);
    this.#waiting.splice(0, this.#waiting.length, ...kept);
    for (const entry of late) entry.settle(error);
  }
}

const REFUSES_BATCH = new Set<string>(["validation_failed", "payload_too_large"]);
