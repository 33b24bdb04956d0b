import { setTimeout as pause } from "node:timers/promises";
import type { Consumer as KafkaConsumer, EachBatchPayload, Kafka } from "kafkajs";
import type { Inbox } from "./inbox.ts";
import { insist } from "./insist.ts";
import { isRebalance } from "./is-rebalance.ts";
import { readMessage } from "./message.ts";
import type { Settings } from "./options.ts";
import { Partition } from "./partition.ts";
import { ReachMarks } from "./reach-marks.ts";
import type { AckSender } from "./send-acks.ts";
import type { MessageSettler } from "./settle-message.ts";
import type { OnTrouble } from "./trouble.ts";

export interface SessionParts<Tx> {
  kafka: Kafka;
  settings: Settings<Tx>;
  inbox: Inbox<Tx>;
  settler: MessageSettler<Tx>;
  /** Null by offset. */
  acks: AckSender | null;
  onTrouble: OnTrouble;
  /** Messages in hand of this process, sessions before this one included: the same one is not begun beside itself. */
  inHand: Map<string, Promise<void>>;
}

/** Offsets that a mark of reach runs ahead: it is written once per so many, and after a crash as many more are suspect. */
const REACH_AHEAD = 128;
const COMMIT_EVERY_MS = 100;
/** How long a fetch waits for records; also how soon a partition that was paused is read again. */
const FETCH_WAIT_MS = 250;
const HEARTBEATS_PER_SESSION = 5;

/** One membership in the consumer group, from joining it to leaving it or losing the broker. */
export class Session<Tx> {
  readonly #parts: SessionParts<Tx>;
  readonly #consumer: KafkaConsumer;
  readonly #topics: string[];
  readonly #partitions = new Map<string, Partition>();
  /** What the group has given us. */
  #assignment: Record<string, number[]> = {};
  /** Where partitions stood that we had before the group was formed anew. */
  readonly #floors = new Map<string, number>();
  readonly #marks: ReachMarks<Tx>;
  readonly #running = new Set<Promise<void>>();
  readonly over: Promise<unknown>;
  #started: Promise<void> = Promise.resolve();
  #stopping = false;
  #commitTimer: NodeJS.Timeout | undefined;

  constructor(parts: SessionParts<Tx>) {
    const { topic, subscription, byOffset, groupId, sessionTimeoutMs } = parts.settings;
    this.#parts = parts;
    this.#marks = new ReachMarks(parts.inbox, subscription);
    // By offset the service delivers once: there is no retry topic.
    this.#topics = byOffset ? [topic] : [topic, `${topic}.${subscription}.retry`];
    this.#consumer = parts.kafka.consumer({
      groupId,
      readUncommitted: false,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.ceil(sessionTimeoutMs / HEARTBEATS_PER_SESSION),
      maxWaitTimeInMs: Math.min(FETCH_WAIT_MS, Math.ceil(sessionTimeoutMs / HEARTBEATS_PER_SESSION)),
      retry: { retries: 5, restartOnFailure: () => Promise.resolve(false) },
    });
    this.#consumer.on("consumer.group_join", ({ payload }) => this.#rejoined(payload.memberAssignment));
    this.over = new Promise((resolve) =>
      this.#consumer.on("consumer.crash", ({ payload }) => resolve(payload.error)),
    );
  }

  /** Once. @throws when the group cannot be joined, or a topic is not there */
  start(): Promise<void> {
    this.#started = this.#join();
    return this.#started;
  }

  async #join(): Promise<void> {
    const { fromBeginning } = this.#parts.settings;
    await this.#consumer.connect();
    if (this.#stopping) return;
    await this.#consumer.subscribe({ topics: this.#topics, fromBeginning });
    if (this.#stopping) return;
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // Each call only takes records in hand; the handlers' concurrency is elsewhere.
      partitionsConsumedConcurrently: 16,
      eachBatch: (payload) => this.#take(payload),
    });
  }

  /** Begins nothing more; what was begun may end, be told and committed, until the deadline. */
  async stop(timeoutMs: number): Promise<void> {
    this.#stopping = true;
    const late = pause(timeoutMs, undefined, { ref: false });
    for (const partition of this.#partitions.values()) partition.halt();
    try {
      this.#consumer.pause(this.#topics.map((topic) => ({ topic })));
    } catch {
      // not joined yet
    }
    const ended = await Promise.race([this.#drain().then(() => true), late.then(() => false)]);
    clearTimeout(this.#commitTimer);
    await Promise.race([this.#commit(), grace()]);
    for (const partition of this.#partitions.values()) partition.lose();
    // Otherwise the marks stay: the process may be ended while a handler is at work.
    if (ended) await Promise.race([this.#release(this.#marks.generation), grace()]);
    await Promise.race([this.#leave(), grace()]);
  }

  /** After a crash: nothing can be committed any more. */
  async abandon(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#commitTimer);
    for (const partition of this.#partitions.values()) partition.lose();
    this.#partitions.clear();
    await Promise.race([this.#leave(), grace()]);
  }

  async #release(generation: number): Promise<void> {
    await this.#marks.release(generation).catch(this.#databaseFailed);
  }

  /**
   * Only when the start is over, even if nobody waits for it any more: a disconnect before that cancels nothing of it, and it
   * would go on to join the group as a member that holds partitions and handles none of their records.
   */
  async #leave(): Promise<void> {
    await this.#started.catch(() => undefined);
    await this.#consumer.disconnect().catch(() => undefined);
  }

  async #drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /**
   * The group was formed anew: whatever was in hand may be another's now, and is read again from the committed offset if it
   * is ours. What runs may end; it commits no offset. The inbox keeps its message from being handled twice.
   */
  #rejoined(assignment: Record<string, number[]>): void {
    const before = this.#marks.next();
    this.#assignment = assignment;
    this.#floors.clear();
    for (const [name, partition] of this.#partitions) {
      if (assignment[partition.topic]?.includes(partition.number))
        this.#floors.set(name, partition.window.position);
      partition.lose();
      if (partition.paused)
        this.#consumer.resume([{ topic: partition.topic, partitions: [partition.number] }]);
    }
    this.#partitions.clear();
    // We live: others need not take our partitions' records for suspects.
    if (before > 0) void this.#release(before);
  }

  async #take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    // Fetched before the group was formed anew (other brokers' fetches go on meanwhile): it is another's now, and whoever
    // committed for it would set that one back or pass its records over.
    if (!this.#assignment[batch.topic]?.includes(batch.partition)) return;
    const heartbeat = () => payload.heartbeat();
    const name = `${batch.topic}/${batch.partition}`;
    let partition = this.#partitions.get(name);
    if (!partition) {
      const start = Number((batch as { fetchedOffset?: string }).fetchedOffset ?? batch.firstOffset());
      const floor = this.#floors.get(name);
      if (floor !== undefined && start > floor) {
        // Fetched before the group was formed anew: what was in hand then would be passed over.
        this.#floors.delete(name);
        this.#consumer.seek({ topic: batch.topic, partition: batch.partition, offset: String(floor) });
        return;
      }
      const { generation } = this.#marks;
      const gone = () => this.#stopping || generation !== this.#marks.generation;
      const suspects = await insist(() => this.#marks.readSuspects(batch), {
        gone,
        meanwhile: heartbeat,
        onError: this.#databaseFailed,
      });
      if (!suspects || gone()) return;
      partition = new Partition(batch, start, suspects.value);
      this.#partitions.set(name, partition);
    }
    for (const record of batch.messages) this.#begin(partition, record);
    partition.window.passTo(Number(batch.lastOffset()) + 1);
    if (batch.messages.length > 0) payload.resolveOffset(batch.messages.at(-1)!.offset);
    if (partition.isFull(this.#parts.settings.maxPending)) this.#pause(partition);
    this.#commitSoon();
    await heartbeat();
  }

  #begin(partition: Partition, record: EachBatchPayload["batch"]["messages"][number]): void {
    const offset = Number(record.offset);
    if (offset < partition.window.end) return;
    const { topic, subscription } = this.#parts.settings;
    const place = { topic, subscription, recordTopic: partition.topic, partition: partition.number };
    const message = readMessage(record, place);
    if (!message) {
      this.#parts.onTrouble({
        kind: "foreign",
        error: new Error("a record without a message id"),
        place: `${partition.topic}/${partition.number}/${record.offset}`,
      });
      return;
    }
    const settled = partition.window.take(offset);
    const suspect = offset < partition.suspectBelow;
    const work = partition.enqueue(message, async () => {
      const settlement = await this.#alone(message.id, () =>
        this.#parts.settler.settle({
          message,
          suspect,
          mark: () => this.#mark(partition, offset),
          halted: partition.halted,
          signal: partition.lost,
        }),
      );
      // The next of the key goes on; the offset waits until the service has been told.
      if (settlement) this.#track(this.#tell(partition, settlement, settled));
    });
    this.#track(work);
  }

  /**
   * Writes down how far we may get before anything beyond is begun. Not when records are taken: a fetch brings thousands, and
   * whoever came after a crash would have to take all of them for suspects.
   *
   * @returns false: the partition was lost before
   */
  async #mark(partition: Partition, offset: number): Promise<boolean> {
    while (offset >= partition.reach && !partition.halted.aborted)
      await (partition.marking ??= this.#writeMark(partition, offset + 1 + REACH_AHEAD));
    return !partition.halted.aborted;
  }

  async #writeMark(partition: Partition, reach: number): Promise<void> {
    const place = { topic: partition.topic, partition: partition.number };
    const written = await insist(() => this.#marks.write(place, reach), {
      gone: () => partition.halted.aborted,
      meanwhile: async () => {},
      onError: this.#databaseFailed,
    });
    if (written) partition.reach = reach;
    partition.marking = undefined;
  }

  readonly #databaseFailed = (error: unknown) => this.#parts.onTrouble({ kind: "database", error });

  async #tell(
    partition: Partition,
    settlement: NonNullable<Awaited<ReturnType<MessageSettler<Tx>["settle"]>>>,
    settled: () => void,
  ): Promise<void> {
    const { acks } = this.#parts;
    // A failure in a partition that was lost is not ours to report: whoever has it handles the message as well.
    if (partition.lost.aborted && settlement.outcome !== "acked") return;
    if (acks && !(await acks.tell(settlement))) return;
    settled();
    if (partition.paused && partition.hasRoom(this.#parts.settings.maxPending)) this.#resume(partition);
    this.#commitSoon();
  }

  /** Waits for the same message's work from another partition, or from before the group was formed anew. */
  async #alone<T>(messageId: string, work: () => Promise<T>): Promise<T> {
    const { inHand } = this.#parts;
    for (let other = inHand.get(messageId); other; other = inHand.get(messageId)) await other;
    const result = work();
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    inHand.set(messageId, ended);
    try {
      return await result;
    } finally {
      inHand.delete(messageId);
    }
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    const forget = () => this.#running.delete(work);
    work.then(forget, (error: unknown) => {
      forget();
      this.#parts.onTrouble({ kind: "broker", error });
    });
  }

  #pause(partition: Partition): void {
    partition.paused = true;
    this.#consumer.pause([{ topic: partition.topic, partitions: [partition.number] }]);
  }

  #resume(partition: Partition): void {
    if (this.#stopping || partition.halted.aborted) return;
    partition.paused = false;
    this.#consumer.resume([{ topic: partition.topic, partitions: [partition.number] }]);
  }

  #commitSoon(): void {
    if (this.#stopping) return;
    this.#commitTimer ??= setTimeout(() => {
      void this.#commit().finally(() => {
        this.#commitTimer = undefined;
        if ([...this.#partitions.values()].some(isBehind)) this.#commitSoon();
      });
    }, COMMIT_EVERY_MS);
  }

  /** Up to the lowest record of each partition that is not settled. Failing is harmless: records are read again. */
  async #commit(): Promise<void> {
    const due = [...this.#partitions.values()].filter(isBehind);
    if (due.length === 0) return;
    const offsets = due.map(({ topic, number, window }) => ({
      topic,
      partition: number,
      position: window.position,
    }));
    try {
      await this.#consumer.commitOffsets(
        offsets.map(({ topic, partition, position }) => ({ topic, partition, offset: String(position) })),
      );
      for (const [i, partition] of due.entries()) partition.committed = offsets[i]!.position;
    } catch (error) {
      if (!isRebalance(error)) this.#parts.onTrouble({ kind: "broker", error });
      await pause(500, undefined, { ref: false });
    }
  }
}

/** What leaving may take beyond the time that handlers have. */
const grace = () => pause(3000, undefined, { ref: false });
const isBehind = (partition: Partition) => partition.window.position > partition.committed;
