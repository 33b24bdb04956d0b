import { backoffMs } from "../../server/domain/backoff.ts";
import type { LaneReport } from "../../server/domain/lane-report.ts";
import { within } from "../../server/deadline.ts";
import { KafkaFault } from "../../server/kafka/fault.ts";
import type { TransactionalProducer } from "../../server/kafka/port.ts";
import { setLaneFault } from "../../server/store/lanes.ts";
import type { ReadyMessage } from "../../server/store/ready-messages.ts";
import { Wake } from "../runtime/loop.ts";
import { BatchReader } from "./batch-reader.ts";
import { inBatchSpan } from "./batch-span.ts";
import { LaneStatus } from "./lane-status.ts";
import { type Lease, LeaseLost } from "./lease-keeper.ts";
import { PartitionShares } from "./partition-shares.ts";
import { type BatchPlan, planBatch, type PlannedPart } from "./plan-batch.ts";
import { recordOfMessage } from "./record-of-message.ts";
import { recoverLane } from "./recover-lane.ts";
import type { RelayDeps } from "./relay-deps.ts";
import { dropSettled, reject, rejectRefused, sendBatch, type SentBatch } from "./send-batch.ts";
import { isTopicFault, TopicGate } from "./topic-gate.ts";

const RETAKE = { firstMs: 20, factor: 2, maxMs: 5000, jitter: 0.5 };
const FAULT_SHOWN_AFTER = 3;
/** A paused lane whose wake-up was missed looks again after this long. */
const PAUSED_LOOK_MS = 1000;
/** A batch up to this size is marked while the next one is read and sent; what is not marked yet is read once more. */
const OVERLAP_MOST = 200;

/**
 * Owns one lane from a lease to its end: recovers it, then sends batch after batch, one at a time. After any fault it
 * knows nothing for certain, so it abandons the producer, takes its own lane again and recovers: for ever, with backoff.
 */
export class LaneWorker {
  readonly #deps: RelayDeps;
  readonly #wake: Wake;
  readonly #shares = new PartitionShares();
  readonly #reader: BatchReader;
  readonly #status: LaneStatus;
  #lease: Lease;
  #producer: TransactionalProducer | undefined;
  #gate: TopicGate;
  /** Committed, and still being marked. */
  #unmarked: SentBatch | undefined;
  #failures = 0;
  #faultShown = false;
  #progressOffset = -1n;
  #mended = false;
  #doubted = false;
  #drainedAt = performance.now();

  constructor(lease: Lease, wake: Wake, deps: RelayDeps) {
    this.#lease = lease;
    this.#wake = wake;
    this.#deps = deps;
    this.#reader = new BatchReader(lease.lane, deps.hot);
    this.#status = new LaneStatus(lease.lane);
    this.#gate = this.#newGate();
  }

  /** Whether it has failed time and again, and stands still. */
  get isFailing(): boolean {
    return this.#failures >= FAULT_SHOWN_AFTER;
  }

  /** What it is doing now, for the console. */
  report(): LaneReport {
    return this.#status.report(this.#lease.epoch, this.#failures);
  }

  /** There may be something to send again. */
  expectResends(): void {
    this.#reader.expectResends();
  }

  /**
   * The database has gone away and come back. Whatever it may have forgotten of what it said was committed (a standby that
   * took over, `synchronous_commit = off`), the progress partition has not: the lane is taken again before it is read.
   */
  doubt(): void {
    this.#doubted = true;
  }

  /** Until the signal aborts (then the lane is given back, the transaction in hand finished) or the lease is lost. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#recover();
        while (!signal.aborted) await this.#pass(signal);
      } catch (error) {
        if (!(await this.#retake(error, signal))) return;
      }
    }
    await this.#settle().catch(() => undefined); // if it fails, the next owner finds the marker
    this.#producer?.abandon();
    await this.#deps.leases.giveBack(this.#lease);
  }

  async #recover(): Promise<void> {
    const { metrics, log } = this.#deps;
    const lane = this.#lease.lane;
    this.#doubted = false;
    this.#status.enter("recovering");
    await this.#deps.ensureProgressTopic();
    const started = performance.now();
    const { producer, progressOffset, foundSent } = await metrics.time("recover", () =>
      recoverLane(this.#lease, this.#deps),
    );
    this.#producer = producer;
    this.#progressOffset = progressOffset;
    metrics.foundSent.inc(foundSent);
    const gate = this.#newGate();
    await gate.open(this.#gate);
    this.#gate = gate;
    const ms = Math.round(performance.now() - started);
    log.info({ lane, epoch: this.#lease.epoch.toString(), foundSent, ms }, "lane taken");
  }

  #newGate(): TopicGate {
    return new TopicGate(this.#lease, { ...this.#deps, onResendsReleased: () => this.expectResends() });
  }

  /** Reads, sends, marks; or waits when there is nothing to send, or the lane is paused. */
  async #pass(signal: AbortSignal): Promise<void> {
    this.#lease.require();
    if (this.#deps.pauses.hasLane(this.#lease.lane)) return this.#standStill(signal);
    if (this.#producer!.isWornOut())
      throw new KafkaFault("retry", "WORN_OUT", "the producer is replaced in time");
    await this.#gate.retry();
    const release = await this.#deps.slots.take();
    let idle = false;
    try {
      if (this.#unmarked && this.#unmarked.ids.size > OVERLAP_MOST) await this.#settle();
      const messages = await this.#read();
      if (messages.length > 0) await this.#send(messages);
      else await this.#settle();
      this.#deps.metrics.heldTopics.set({ lane: this.#lease.lane }, this.#gate.shut);
      await this.#succeeded();
      idle = messages.length === 0;
    } finally {
      release();
    }
    this.#tick();
    if (!idle) return;
    this.#status.enter("idle");
    await this.#wake.wait(Math.min(this.#deps.settings.pollMs, this.#gate.nextRetryMs()), signal);
  }

  /** An operator has paused the lane: it is kept, what was committed is marked, and nothing is sent until he lets it. */
  async #standStill(signal: AbortSignal): Promise<void> {
    await this.#settle();
    this.#tick();
    this.#status.enter("paused");
    await this.#wake.wait(PAUSED_LOOK_MS, signal);
    this.#drainedAt = performance.now(); // how far a lane is behind is told of the time it runs
  }

  #tick(): void {
    this.#status.tick();
    this.#deps.tick();
  }

  async #read(): Promise<ReadyMessage[]> {
    const { settings, metrics } = this.#deps;
    const lane = this.#lease.lane;
    this.#status.enter("reading");
    const messages = await metrics.time("read", () => this.#reader.read(settings, this.#unmarked?.ids));
    if (messages.length < settings.batch / 2) this.#drainedAt = performance.now();
    metrics.behind.set({ lane }, (performance.now() - this.#drainedAt) / 1000);
    if (this.#doubted) throw new Error("a connection to the database was lost");
    return messages;
  }

  async #send(messages: ReadyMessage[]): Promise<void> {
    const plan = await this.#plan(await dropSettled(this.#lease, messages, this.#deps.hot));
    await this.#gate.hold(plan.held);
    await this.#rejectTooLarge(plan);
    if (plan.parts.length === 0) return;
    this.#status.take(plan.parts.reduce((n, part) => n + part.messages.length, 0));
    try {
      this.#unmarked = await inBatchSpan(this.#lease, plan.parts, () =>
        sendBatch(this.#lease, this.#producer!, plan.parts, this.#progressOffset, () => this.#settle(), {
          ...this.#deps,
          onPhase: (phase) => this.#status.enter(phase),
        }),
      );
    } catch (error) {
      this.#mended = await this.#mend(error, plan.parts);
      throw error;
    }
    this.#status.sent();
    this.#progressOffset = this.#unmarked.progressOffset;
    this.#sent(plan, this.#unmarked);
    await this.#gate.passed(new Set(plan.parts.map((p) => p.topicId)));
  }

  /** Spares the broker what it is sure to refuse; sure after asking for the topic's limit once more. */
  async #rejectTooLarge(plan: BatchPlan): Promise<void> {
    const rejected: { message: ReadyMessage; reason: string }[] = [];
    for (const { message, topic, bytes } of plan.tooLarge) {
      const { maxBatchBytes } = await this.#deps.kafka.topicFacts(topic, 0);
      if (maxBatchBytes === null || bytes <= maxBatchBytes) continue; // raised meanwhile: goes with the next batch
      const reason = `MESSAGE_TOO_LARGE: the record takes ${bytes} bytes, topic ${topic} allows ${maxBatchBytes} (max.message.bytes)`;
      rejected.push({ message, reason });
    }
    this.#noteRejected(await reject(this.#lease, rejected, this.#deps.hot));
  }

  /** Waits until what was committed is marked. */
  async #settle(): Promise<void> {
    const unmarked = this.#unmarked;
    await unmarked?.marked;
    if (this.#unmarked === unmarked) this.#unmarked = undefined;
  }

  async #plan(messages: readonly ReadyMessage[]): Promise<BatchPlan> {
    const { directory, settings } = this.#deps;
    await directory.learn(messages);
    await this.#gate.learn(messages.map((m) => m.topicId));
    return planBatch(messages, {
      route: (topicId) => this.#gate.route(topicId),
      record: (m) =>
        recordOfMessage(m, { app: directory.app(m.appId), topic: directory.topic(m.mainTopicId) }),
      maxBytes: settings.batchBytes,
      limitOf: (place) => this.#shares.limitOf(place),
    });
  }

  #sent(plan: BatchPlan, { ids, resent }: SentBatch): void {
    const { metrics, log } = this.#deps;
    metrics.transactions.inc();
    metrics.messages.inc(ids.size - resent);
    metrics.resent.inc(resent);
    metrics.batchSize.observe(ids.size);
    for (const part of plan.parts) this.#shares.accepted(`${part.topic}/${part.partition}`);
    if (!log.isLevelEnabled("debug")) return;
    for (const part of plan.parts)
      for (const { id } of part.messages)
        log.debug({ messageId: id, topic: part.topic, partition: part.partition }, "sent");
  }

  /**
   * What a fault says about single topics and records, applied before the lane is taken again.
   *
   * @returns whether the next batch is another one than this, so that nothing is gained by waiting
   */
  async #mend(error: unknown, parts: readonly PlannedPart[]): Promise<boolean> {
    if (!(error instanceof KafkaFault)) return false;
    if (isTopicFault(error)) {
      const of = parts.filter((p) => p.topic === error.place.topic);
      if (of.length === 0) return false; // the progress topic: a fault of the lane
      await this.#gate.fail(of[0]!.topicId, error);
      await this.#gate.hold(of.flatMap((p) => p.messages));
      return true;
    }
    if (error.kind !== "record_refused") return false;
    this.#noteRejected(await rejectRefused(this.#lease, error, parts, this.#shares, this.#deps.hot));
    return true;
  }

  #noteRejected(ids: string[]): void {
    this.#deps.metrics.rejected.inc(ids.length);
    for (const messageId of ids)
      this.#deps.log.warn({ messageId, lane: this.#lease.lane }, "rejected by the broker");
  }

  async #succeeded(): Promise<void> {
    this.#failures = 0;
    if (!this.#faultShown) return;
    this.#faultShown = false;
    await setLaneFault(this.#deps.db, { lane: this.#lease.lane, epoch: this.#lease.epoch, detail: null });
  }

  /** @returns false when the lane is not ours any more */
  async #retake(error: unknown, signal: AbortSignal): Promise<boolean> {
    const { metrics, log, leases } = this.#deps;
    const lane = this.#lease.lane;
    this.#producer?.abandon();
    this.#producer = undefined;
    this.#unmarked = undefined;
    if (error instanceof LeaseLost) {
      metrics.leaseLosses.inc();
      log.warn({ lane, epoch: this.#lease.epoch.toString() }, "lane lost");
      leases.drop(this.#lease);
      return false;
    }
    if (this.#mended) this.#failures = 0;
    else this.#failures++;
    this.#mended = false;
    const reason = error instanceof KafkaFault ? error.code : "DATABASE";
    metrics.redos.inc({ reason });
    const fault = error instanceof KafkaFault ? { fault: error.message } : { err: error };
    log.warn({ lane, ...fault, failures: this.#failures }, "the lane is taken again");
    this.#status.fault(error);
    await this.#showFault(error);
    const pause = new Wake();
    for (;;) {
      if (this.#failures > 0) await pause.wait(backoffMs(RETAKE, this.#failures, Math.random()), signal);
      if (signal.aborted) return true;
      try {
        const lease = await leases.take(lane);
        if (!lease) return this.#retake(new LeaseLost(lane), signal);
        this.#lease = lease;
        this.#deps.pauses.learnLane(lane, lease.paused);
        return true;
      } catch (again) {
        this.#failures++;
        log.warn({ lane, err: again, failures: this.#failures }, "the lease could not be taken");
      }
    }
  }

  /** Shown once it is more than a hiccup. Best effort: the database may be the very fault. */
  async #showFault(error: unknown): Promise<void> {
    if (this.#failures < FAULT_SHOWN_AFTER) return;
    this.#faultShown = true;
    const detail = error instanceof Error ? error.message : String(error);
    const shown = setLaneFault(this.#deps.db, {
      lane: this.#lease.lane,
      epoch: this.#lease.epoch,
      detail,
    });
    try {
      await within(shown, 2000, "showing a fault");
    } catch {
      // shown at the next failure, or never: the lane's work does not depend on it
    }
  }
}
