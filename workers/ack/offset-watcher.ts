import type { Log } from "../../server/log.ts";
import { consumeForsaken, forsakenTopics } from "../../server/store/consume-by-offset.ts";
import { claimWatches, releaseWatches } from "../../server/store/offset-watch.ts";
import { runLoop, Wake } from "../runtime/loop.ts";
import type { AckMetrics } from "./ack-metrics.ts";
import { TopicWatch, type WatchDeps } from "./watch-topic.ts";

export interface OffsetWatcherOptions extends WatchDeps {
  /** Name of this process in the leases. */
  owner: string;
  /** Between two passes over a topic whose groups move, ms. */
  movingMs: number;
  log: Log;
  metrics: () => AckMetrics;
  signal: AbortSignal;
  isQuiet: () => boolean;
  onTick: () => void;
}

/** What it does, as it is shown to operators. */
export interface WatcherTold {
  topics: number;
  settled: number;
  lastPassAt: string | null;
  /** What failed last, by topic id, until it works again. */
  faults: Record<string, string>;
}

/** How long a process that died keeps a topic, ms; renewed every third of it. */
const LEASE_MS = 10_000;
const FORSAKEN_AT_ONCE = 1000;
const FORSAKEN_EVERY_MS = 10_000;

/** Watches the committed offsets of consumer groups, each topic by one process at a time. */
export class OffsetWatcher {
  readonly #options: OffsetWatcherOptions;
  readonly #watches = new Map<number, { stop: AbortController; done: Promise<void> }>();
  readonly #told = { settled: 0, lastPassAt: null as string | null };
  readonly #faults = new Map<number, string>();
  #validUntil = 0;

  constructor(options: OffsetWatcherOptions) {
    this.#options = options;
  }

  get told(): WatcherTold {
    return { topics: this.#watches.size, ...this.#told, faults: Object.fromEntries(this.#faults) };
  }

  /** Until the signal aborts; then nothing is held any longer. */
  async run(): Promise<void> {
    const { signal, log, isQuiet, db, owner } = this.#options;
    await Promise.all([
      runLoop({ name: "watches", pollMs: LEASE_MS / 3, signal, log, runOnce: () => this.#claim() }),
      runLoop({
        name: "forsaken",
        pollMs: FORSAKEN_EVERY_MS,
        signal,
        log,
        isQuiet,
        runOnce: () => this.#settleForsaken(),
      }),
    ]);
    await this.#keepOnly(new Set());
    await releaseWatches(db, owner).catch((err: unknown) =>
      log.warn({ err }, "watched topics could not be given back"),
    );
  }

  async #claim(): Promise<boolean> {
    const { db, owner, isQuiet, onTick } = this.#options;
    const asked = performance.now();
    if (isQuiet()) {
      await this.#keepOnly(new Set());
      await releaseWatches(db, owner);
      onTick();
      return false;
    }
    const mine = new Set(await claimWatches(db, owner, LEASE_MS));
    this.#validUntil = asked + LEASE_MS;
    await this.#keepOnly(mine);
    for (const topicId of mine) if (!this.#watches.has(topicId)) this.#watch(topicId);
    onTick();
    return false;
  }

  async #keepOnly(mine: ReadonlySet<number>): Promise<void> {
    const lost = [...this.#watches].filter(([topicId]) => !mine.has(topicId));
    for (const [topicId, watch] of lost) {
      watch.stop.abort();
      this.#watches.delete(topicId);
      this.#faults.delete(topicId);
    }
    await Promise.all(lost.map(([, watch]) => watch.done));
  }

  #watch(topicId: number): void {
    const stop = new AbortController();
    this.#watches.set(topicId, { stop, done: this.#keepPassing(topicId, stop.signal) });
  }

  async #keepPassing(topicId: number, signal: AbortSignal): Promise<void> {
    const { movingMs, idleMs, metrics } = this.#options;
    const watch = new TopicWatch(topicId, this.#options);
    const pause = new Wake();
    while (!signal.aborted) {
      let waitMs = idleMs;
      // A process that slept past its lease waits for the next claim to say what is its own.
      if (performance.now() < this.#validUntil) {
        const began = performance.now();
        try {
          const { settled, moved, over, fault } = await watch.pass();
          this.#noteFault(topicId, fault);
          this.#told.settled += settled;
          this.#told.lastPassAt = new Date().toISOString();
          metrics().settled(settled);
          metrics().pass(performance.now() - began);
          if ((moved || settled > 0) && !over) waitMs = movingMs;
        } catch (err) {
          this.#noteFault(topicId, err as Error);
        }
      }
      await pause.wait(waitMs, signal);
    }
  }

  /** @param err null: all that was asked was answered */
  #noteFault(topicId: number, err: Error | null): void {
    if (err === null) {
      this.#faults.delete(topicId);
      return;
    }
    const { log, metrics } = this.#options;
    if (!this.#faults.has(topicId)) log.warn({ err, topicId }, "a topic's consumer groups cannot be watched");
    this.#faults.set(topicId, err.message.slice(0, 300));
    metrics().fault();
  }

  async #settleForsaken(): Promise<boolean> {
    const { hot, db, metrics } = this.#options;
    let more = false;
    for (const topicId of await forsakenTopics(db)) {
      const settled = await consumeForsaken(hot, topicId, FORSAKEN_AT_ONCE);
      this.#told.settled += settled;
      metrics().settled(settled);
      more ||= settled === FORSAKEN_AT_ONCE;
    }
    return more;
  }
}
