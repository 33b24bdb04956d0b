import type { LaneReport } from "../../server/domain/lane-report.ts";
import { within } from "../../server/deadline.ts";
import { type LaneRow, readLanes } from "../../server/store/lanes.ts";
import { pausedTopics } from "../../server/store/pauses.ts";
import { listWorkers } from "../../server/store/workers.ts";
import { runLoop, Wake } from "../runtime/loop.ts";
import { Directory } from "./directory.ts";
import { balanceLanes } from "../runtime/fair-share.ts";
import { LaneWorker } from "./lane-worker.ts";
import { Pauses } from "./pauses.ts";
import { parseWakeUp } from "./wake-up.ts";
import { type Lease, LeaseKeeper } from "./lease-keeper.ts";
import { PROGRESS_TOPIC_CONFIG, progressTopic } from "./progress-marker.ts";
import type { RelayDeps, RelayOptions } from "./relay-deps.ts";
import { Slots } from "./slots.ts";

/** A relay's row in `worker_instance.detail`. */
export interface RelayReport {
  lanes: number[];
  failing: number[];
  work: LaneReport[];
}

interface RunningLane {
  worker: LaneWorker;
  stop: AbortController;
  done: Promise<void>;
}

/** Lanes of one process: takes its fair share, runs a worker for each, gives back what others should have. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #deps: RelayDeps;
  readonly #lanes = new Map<number, RunningLane>();
  readonly #wakes = new Map<number, Wake>();
  readonly #balance = new Wake();
  readonly #stop = new AbortController();
  #isFirst = true;
  #quiet = false;
  #twinLanes = "";
  #running: Promise<unknown> | undefined;
  #progressTopic: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    const { settings, db, log } = options;
    this.#options = options;
    this.#deps = {
      ...options,
      leases: new LeaseKeeper({ db, owner: settings.instance, ttlMs: settings.leaseMs, log }),
      directory: new Directory(db),
      pauses: new Pauses(),
      slots: new Slots(settings.slots),
      env: settings.env,
      owner: settings.instance,
      progressTopic: progressTopic(settings.env),
      retryMs: settings.topicRetryMs,
      ensureProgressTopic: () => this.#ensureProgressTopic(),
    };
  }

  start(): void {
    const { settings, log } = this.#options;
    const balancing = runLoop({
      name: "lanes",
      pollMs: settings.balanceMs,
      wake: this.#balance,
      signal: this.#stop.signal,
      log,
      runOnce: () => this.#balanceOnce(),
    });
    this.#options.report(() => this.report());
    this.#options.hot.on("error", () => this.doubt());
    this.#running = Promise.all([balancing, this.#deps.leases.keep(this.#stop.signal)]);
  }

  /** Numbers of the lanes owned now. */
  lanes(): number[] {
    return [...this.#lanes.keys()].sort((a, b) => a - b);
  }

  /** Those of them that stand still because of a fault. */
  failing(): number[] {
    return [...this.#lanes].filter(([, l]) => l.worker.isFailing).map(([lane]) => lane);
  }

  /** What it owns and does now, as it is shown beside the heartbeat. */
  report(): RelayReport {
    return {
      lanes: this.lanes(),
      failing: this.failing(),
      work: [...this.#lanes.values()]
        .map(({ worker }) => worker.report())
        .toSorted((a, b) => a.lane - b.lane),
    };
  }

  /** A connection of the hot pool was lost: nothing is read in any lane before it was recovered. */
  doubt(): void {
    for (const { worker } of this.#lanes.values()) worker.doubt();
    this.wake("");
  }

  /** @param payload of a notification (see `parseWakeUp`); empty: anything may have happened */
  wake(payload: string): void {
    const { lanes, resends, control } = parseWakeUp(payload);
    for (const lane of lanes ?? this.#lanes.keys()) {
      if (resends) this.#lanes.get(lane)?.worker.expectResends();
      this.#wakes.get(lane)?.notify();
    }
    if (control) this.#balance.notify();
  }

  /** Quiet: gives every lane back after the transaction in hand and takes none, until it is told otherwise. */
  setQuiet(quiet: boolean): void {
    this.#quiet = quiet;
    this.#balance.notify();
  }

  /** Finishes the transactions in hand and gives every lane back. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#endLanes();
    await this.#running;
    await this.#endLanes(); // a look at the lanes that was under way may have taken one
  }

  async #endLanes(): Promise<void> {
    for (const lane of this.#lanes.values()) lane.stop.abort();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.done));
  }

  async #balanceOnce(): Promise<boolean> {
    const { settings, db, log, metrics } = this.#options;
    const mine = new Set(this.#lanes.keys());
    const [lanes, relays, topics] = await within(
      Promise.all([readLanes(db), listWorkers(db, "relay"), pausedTopics(db)]),
      settings.leaseMs,
      "looking at the lanes",
    );
    const paused = new Set(lanes.filter((l) => l.pausedAt !== null).map((l) => l.lane));
    if (this.#deps.pauses.learn(paused, topics)) for (const wake of this.#wakes.values()) wake.notify();
    if (this.#quiet) return this.#giveAllBack();
    const alive = relays
      .filter((r) => !r.stoppedAt && r.wanted === "run" && r.silentMs < settings.silentMs)
      .map((r) => r.name);
    const owners = lanes.filter((l) => (l.expiresInMs ?? -1) >= 0).map((l) => l.owner!);
    const isFirst = this.#isFirst;
    const reclaimable = new Set(
      lanes.filter((l) => isFirst || this.#deps.leases.isOurs(l.lane, l.epoch)).map((l) => l.lane),
    );
    this.#warnOfTwin(
      lanes.filter((l) => l.owner === settings.instance && !mine.has(l.lane) && !reclaimable.has(l.lane)),
    );
    const balance = balanceLanes(
      lanes,
      [...alive, ...owners],
      settings.instance,
      new Set(this.#lanes.keys()),
      reclaimable,
    );
    for (const lane of balance.giveBack) {
      log.info({ lane }, "giving a lane to another relay");
      this.#lanes.get(lane)?.stop.abort();
    }
    for (const lane of balance.take) {
      const lease = await this.#deps.leases.take(lane, isFirst);
      if (lease) this.#run(lease);
    }
    this.#isFirst = false; // only now: one that failed half-way is made up for

    metrics.lanes.set(this.#lanes.size);
    return false;
  }

  #giveAllBack(): boolean {
    for (const lane of this.#lanes.values()) lane.stop.abort();
    return false;
  }

  #warnOfTwin(lanes: LaneRow[]): void {
    const held = lanes.filter((l) => (l.expiresInMs ?? -1) >= 0).map((l) => l.lane);
    const { instance } = this.#options.settings;
    if (held.length > 0 && held.join() !== this.#twinLanes)
      this.#options.log.error(
        { lanes: held, instance },
        "another relay runs under this one's name: give every relay a SURELAY_INSTANCE of its own",
      );
    this.#twinLanes = held.join();
  }

  #run(lease: Lease): void {
    const { lane } = lease;
    this.#deps.pauses.learnLane(lane, lease.paused);
    const wake = new Wake();
    this.#wakes.set(lane, wake);
    const stop = new AbortController();
    const worker = new LaneWorker(lease, wake, this.#deps);
    const done = worker
      .run(stop.signal)
      .catch((err: unknown) => {
        this.#options.log.error({ err, lane }, "a lane's worker failed");
        this.#deps.leases.drop(lease);
      })
      .finally(() => {
        this.#lanes.delete(lane);
        this.#wakes.delete(lane);
        this.#options.metrics.lanes.set(this.#lanes.size);
      });
    this.#lanes.set(lane, { worker, stop, done });
  }

  /** Once per process, and again after a failure: every lane needs it before its first transaction. */
  async #ensureProgressTopic(): Promise<void> {
    this.#progressTopic ??= this.#makeProgressTopic();
    try {
      await this.#progressTopic;
    } catch (error) {
      this.#progressTopic = undefined;
      throw error;
    }
  }

  async #makeProgressTopic(): Promise<void> {
    const lanes = await readLanes(this.#options.db);
    const topic = this.#deps.progressTopic;
    const wanted = { topic, partitions: lanes.length, config: PROGRESS_TOPIC_CONFIG };
    if (await this.#options.kafka.ensureTopic(wanted))
      this.#options.log.info({ topic }, "made the progress topic");
  }
}
