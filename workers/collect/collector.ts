import type { SourceReport } from "../../server/domain/collect-report.ts";
import { within } from "../../server/deadline.ts";
import { TopicIds } from "../../server/services/intake/topic-ids.ts";
import { laneCount } from "../../server/store/lanes.ts";
import { type OutboxProgressRow, readOutboxProgress } from "../../server/store/outbox-progress.ts";
import { listOutboxSources } from "../../server/store/outbox-sources.ts";
import { listWorkers } from "../../server/store/workers.ts";
import { balanceLanes } from "../runtime/fair-share.ts";
import { runLoop, Wake } from "../runtime/loop.ts";
import type { CollectDeps, CollectorOptions } from "./collect-deps.ts";
import { type SourceLease, SourceLeases } from "./source-lease.ts";
import { SourceWorker } from "./source-worker.ts";

/** A collector's row in `worker_instance.detail`. */
export interface CollectReport {
  sources: SourceReport[];
}

interface RunningSource {
  lease: SourceLease;
  worker: SourceWorker;
  stop: AbortController;
  done: Promise<void>;
}

/**
 * Sources of one process: takes its fair share of them, by the same rule as relays share lanes, runs a worker for each, gives
 * back what others should have. One owner per source at a time is what keeps the order per key.
 */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #leases: SourceLeases;
  readonly #topics: TopicIds;
  readonly #sources = new Map<number, RunningSource>();
  readonly #balance = new Wake();
  readonly #stop = new AbortController();
  #deps: CollectDeps | undefined;
  #isFirst = true;
  #quiet = false;
  #running: Promise<unknown> | undefined;

  constructor(options: CollectorOptions) {
    const { db, settings, log } = options;
    this.#options = options;
    this.#leases = new SourceLeases({ db, owner: settings.instance, ttlMs: settings.leaseMs, log });
    this.#topics = new TopicIds(db);
  }

  start(): void {
    const { settings, log } = this.#options;
    const balancing = runLoop({
      name: "outbox sources",
      pollMs: settings.balanceMs,
      wake: this.#balance,
      signal: this.#stop.signal,
      log,
      runOnce: () => this.#balanceOnce(),
      onTick: this.#options.tick,
    });
    this.#options.report(() => this.report());
    this.#running = Promise.all([balancing, this.#leases.keep(this.#stop.signal)]);
  }

  /** What it owns and does now, as it is shown beside the heartbeat. */
  report(): CollectReport {
    return {
      sources: [...this.#sources.values()]
        .map(({ worker }) => worker.report())
        .toSorted((a, b) => a.source.localeCompare(b.source)),
    };
  }

  /** Names of the sources that stand still because of a fault. */
  failing(): string[] {
    return [...this.#sources.values()]
      .filter(({ worker }) => worker.isFailing)
      .map(({ worker }) => worker.report().source);
  }

  /** Something about the sources was changed. */
  wake(): void {
    for (const { worker } of this.#sources.values()) worker.wake();
    this.#balance.notify();
  }

  /** Quiet: gives every source back after the batch in hand and takes none, until it is told otherwise. */
  setQuiet(quiet: boolean): void {
    this.#quiet = quiet;
    this.#balance.notify();
  }

  /** Finishes the batches in hand and gives every source back. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running; // first: a look at the sources that is under way would take back what was just given back
    for (const source of this.#sources.values()) source.stop.abort();
    await Promise.all([...this.#sources.values()].map((source) => source.done));
  }

  async #balanceOnce(): Promise<boolean> {
    const { settings, db, metrics } = this.#options;
    const [sources, progress, collectors] = await within(
      Promise.all([listOutboxSources(db), readOutboxProgress(db), listWorkers(db, "collect")]),
      settings.leaseMs,
      "looking at the outbox sources",
    );
    for (const { id, pausedAt } of sources) this.#sources.get(id)?.worker.setPaused(pausedAt !== null);
    this.#letGo(progress);
    if (this.#quiet) {
      for (const source of this.#sources.values()) source.stop.abort();
      return false;
    }
    const alive = collectors
      .filter((c) => !c.stoppedAt && c.wanted === "run" && c.silentMs < settings.silentMs)
      .map((c) => c.name);
    const { take, giveBack } = this.#shares(progress, alive);
    for (const id of giveBack) this.#sources.get(id)?.stop.abort();
    for (const id of take) {
      if (this.#stop.signal.aborted) return false;
      const lease = await this.#leases.take(id, this.#isFirst);
      if (lease) await this.#run(lease);
    }
    this.#isFirst = false; // only now: one that failed half-way is made up for
    metrics.sources.set(this.#sources.size);
    return false;
  }

  /** Sources that were removed, changed, or taken by somebody else: their workers need not find out by themselves. */
  #letGo(progress: readonly OutboxProgressRow[]): void {
    const epochs = new Map(progress.map(({ sourceId, epoch }) => [sourceId, epoch]));
    for (const [id, { lease, worker }] of this.#sources)
      if (epochs.get(id) !== lease.epoch) {
        this.#leases.drop(lease);
        worker.wake();
      }
  }

  #shares(progress: readonly OutboxProgressRow[], alive: readonly string[]) {
    const { instance } = this.#options.settings;
    const owners = progress.filter((p) => (p.expiresInMs ?? -1) >= 0).map((p) => p.owner!);
    const reclaimable = new Set(
      progress
        .filter((p) => this.#isFirst || this.#leases.isOurs(p.sourceId, p.epoch))
        .map((p) => p.sourceId),
    );
    return balanceLanes(
      progress.map(({ sourceId: lane, owner, expiresInMs }) => ({ lane, owner, expiresInMs })),
      [...alive, ...owners],
      instance,
      new Set(this.#sources.keys()),
      reclaimable,
    );
  }

  /** The declaration is read under the lease: whoever changes it afterwards takes the lease away with it. */
  async #run(lease: SourceLease): Promise<void> {
    const { db, log, metrics } = this.#options;
    const source = (await listOutboxSources(db)).find(({ id }) => id === lease.sourceId);
    if (!source) return this.#leases.drop(lease); // removed just now
    this.#deps ??= {
      ...this.#options,
      leases: this.#leases,
      topics: this.#topics,
      lanes: await laneCount(db),
    };
    const stop = new AbortController();
    const worker = new SourceWorker(lease, source, this.#deps);
    const done = worker
      .run(stop.signal)
      .catch((err: unknown) => log.error({ err, source: source.name }, "an outbox source's worker failed"))
      .finally(() => {
        this.#sources.delete(lease.sourceId);
        metrics.sources.set(this.#sources.size);
        this.#balance.notify();
      });
    this.#sources.set(lease.sourceId, { lease, worker, stop, done });
  }
}
