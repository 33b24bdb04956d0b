import type { Queryable } from "../../server/db.ts";
import { KafkaFault } from "../../server/kafka/fault.ts";
import type { GroupOffsets, Offsets } from "../../server/kafka/group-offsets.ts";
import {
  consumeBelow,
  consumeUnplaced,
  type PartitionOffset,
  unplacedPartitions,
} from "../../server/store/consume-by-offset.ts";
import {
  type GroupPosition,
  readWatchedTopic,
  type WatchedGroup,
  type WatchedTopic,
  writeProgress,
} from "../../server/store/offset-watch.ts";
import { NO_HEAD, StandingHeads } from "./standing-heads.ts";

export interface WatchDeps {
  db: Queryable;
  /** With pinned plans. */
  hot: Queryable;
  kafka: GroupOffsets;
  /** How often a topic that stands still is looked at, ms. */
  idleMs: number;
}

export interface Pass {
  /** Messages that became CONSUMED. */
  settled: number;
  /** Some group's offset, or the topic's end, was another one than at the last pass. */
  moved: boolean;
  /** Nothing is declared for the topic any longer. */
  over: boolean;
  /** Why something about a group is not known; what is known of it and of the others has been done. */
  fault: KafkaFault | null;
}

/** Most of one statement, each partition. */
const AT_ONCE = 1000;
/** Positions that did not change are written down again after this, ms: they say when the broker was asked last. */
const SAY_AGAIN_MS = 10_000;
/** Beyond so many offsets a group is reading, and what it has not read is not looked at. */
const LOOKED_AT = 1000n;

/**
 * Watches the consumer groups of one topic: writes down how far each has come, and settles the messages that all of its
 * `offset` groups have committed. What it remembers only saves work; a new one begins with nothing and comes to the same.
 */
export class TopicWatch {
  readonly #topicId: number;
  readonly #deps: WatchDeps;
  readonly #said = new Map<string, { text: string; at: number }>();
  readonly #heads: StandingHeads;
  readonly #unplaced = new Map<number, Checkpoint>();
  /** The first of this pass. */
  #fault: KafkaFault | null = null;
  /** Since when each partition's committed offset stands where it does. */
  readonly #stood = new Map<number, { at: bigint; since: number }>();

  constructor(topicId: number, deps: WatchDeps) {
    this.#topicId = topicId;
    this.#deps = deps;
    this.#heads = new StandingHeads(deps.kafka);
  }

  /**
   * One pass. A group that the broker says nothing of holds back what cannot be settled without it, and nothing else: the
   * others' deadlines count by positions that are written down in time.
   *
   * @throws KafkaFault if the topic's ends are not known, or what the database throws
   */
  async pass(): Promise<Pass> {
    const { db, kafka } = this.#deps;
    this.#fault = null;
    const watched = await readWatchedTopic(db, this.#topicId);
    if (!watched) return { settled: 0, moved: false, over: true, fault: null };
    // In this order: what was sent before `now` stands below the ends that are read after it.
    const ends = await kafka.ends(watched.topic);
    this.#heads.begin();
    const positions: GroupPosition[] = [];
    const settling: Offsets[] = [];
    let allKnown = true;
    // Not beside each other: a connection that one question broke is dropped, and with it what others wait for.
    for (const group of watched.groups) {
      const { groupId, ack, retryTopic } = group;
      const committed = await this.#answerOf(kafka.committed(groupId, watched.topic));
      if (committed && ack === "offset") settling.push(committed);
      allKnown &&= committed !== null || ack !== "offset";
      if (!committed) continue;
      positions.push(...(await this.#positions(group, watched.topic, committed, ends)));
      const retryEnds = retryTopic && (await this.#answerOf(this.#ifThere(kafka.ends(retryTopic))));
      const retried = retryEnds && (await this.#answerOf(kafka.committed(groupId, retryTopic)));
      if (retried) positions.push(...(await this.#positions(group, retryTopic!, retried, retryEnds)));
    }
    const moved = await this.#say(positions, watched.now);
    const settled =
      allKnown && settling.length > 0 ? await this.#settle(watched, lowestOf(settling, ends), ends) : 0;
    return { settled, moved, over: false, fault: this.#fault };
  }

  /** @returns null: the broker does not say; that is told when the rest of the pass is done */
  async #answerOf<T>(answer: Promise<T>): Promise<T | null> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof KafkaFault)) throw error;
      this.#fault ??= error;
      return null;
    }
  }

  /** @param topic the group's, or its retry topic */
  async #positions(
    group: WatchedGroup,
    topic: string,
    committed: Offsets,
    ends: Offsets,
  ): Promise<GroupPosition[]> {
    const positions = [...ends].map(([partition, endOffset]) => ({
      subscriptionId: group.subscriptionId,
      retry: topic === group.retryTopic,
      partition,
      committed: committed.get(partition) ?? null,
      endOffset,
    }));
    const heads = await this.#answerOf(this.#heads.look(group, topic, positions));
    return positions.map((position, i) => ({ ...position, ...(heads?.[i] ?? NO_HEAD) }));
  }

  /** A retry topic that is not made yet has nothing to be shown; the relay holds what goes there, and says so. */
  async #ifThere(ends: Promise<Offsets>): Promise<Offsets | null> {
    try {
      return await ends;
    } catch (error) {
      if (error instanceof KafkaFault && error.kind === "topic_missing") return null;
      throw error;
    }
  }

  /** @param askedAt before the ends were read @returns whether anything moved */
  async #say(positions: readonly GroupPosition[], askedAt: Date): Promise<boolean> {
    const now = performance.now();
    let moved = false;
    const due = positions.filter((position) => {
      const key = `${position.subscriptionId} ${position.retry} ${position.partition}`;
      const text = `${position.committed} ${position.endOffset} ${position.head} ${position.attended}`;
      const said = this.#said.get(key);
      if (said?.text !== text) moved = true;
      else if (now - said.at < SAY_AGAIN_MS) return false;
      this.#said.set(key, { text, at: now });
      return true;
    });
    await writeProgress(this.#deps.db, due, askedAt);
    return moved;
  }

  async #settle(
    watched: WatchedTopic & { now: Date },
    lowest: PartitionOffset[],
    ends: Offsets,
  ): Promise<number> {
    const { hot } = this.#deps;
    const passed = lowest.filter(({ below }) => below > 0n);
    let settled = 0;
    if (passed.length > 0)
      for (let found = AT_ONCE; found >= AT_ONCE; settled += found)
        found = await consumeBelow(hot, this.#topicId, passed, AT_ONCE);
    const partitions = lowest.map(({ partition }) => partition);
    for (const partition of await unplacedPartitions(hot, this.#topicId, partitions)) {
      const at = lowest.find((one) => one.partition === partition)!.below;
      settled += await this.#settleUnplaced(watched, partition, at, ends.get(partition) ?? 0n);
    }
    return settled;
  }

  /** Messages without an offset stand below an end that was read after they were marked SENT. */
  async #settleUnplaced(
    watched: WatchedTopic & { now: Date },
    partition: number,
    committed: bigint,
    end: bigint,
  ): Promise<number> {
    const since = this.#standsSince(partition, committed);
    const checkpoint = this.#unplaced.get(partition);
    if (!checkpoint) {
      // A millisecond less: the store's times are rounded to one.
      this.#unplaced.set(partition, { sentUntil: new Date(watched.now.getTime() - 1), end });
      return 0;
    }
    if (
      committed < checkpoint.end &&
      !(await this.#hasReadAll(watched.topic, partition, committed, checkpoint, since))
    )
      return 0;
    const { hot } = this.#deps;
    const { sentUntil } = checkpoint;
    const found = await consumeUnplaced(hot, {
      topicId: this.#topicId,
      partition,
      sentUntil,
      limit: AT_ONCE,
    });
    if (found < AT_ONCE) this.#unplaced.delete(partition);
    return found;
  }

  /**
   * Whether what lies between a group's offset and the end is only marks of transactions. Many clients commit the offset
   * behind the last record they saw, and a topic that is quiet then would never show them at its end.
   */
  async #hasReadAll(
    topic: string,
    partition: number,
    committed: bigint,
    { end }: Checkpoint,
    since: number,
  ): Promise<boolean> {
    if (committed === 0n || end - committed > LOOKED_AT) return false;
    if (performance.now() - since < this.#deps.idleMs) return false;
    return (await this.#deps.kafka.firstRecord({ topic, partition, from: committed, to: end })) === "none";
  }

  #standsSince(partition: number, committed: bigint): number {
    const stood = this.#stood.get(partition);
    if (stood?.at === committed) return stood.since;
    const now = performance.now();
    this.#stood.set(partition, { at: committed, since: now });
    return now;
  }
}

interface Checkpoint {
  sentUntil: Date;
  end: bigint;
}

/** How far all groups have come, of which there is one at least, partition by partition; a group that has committed nothing has passed nothing. */
export function lowestOf(groups: readonly Offsets[], ends: Offsets): PartitionOffset[] {
  return [...ends.keys()].map((partition) => ({
    partition,
    below: groups
      .map((offsets) => offsets.get(partition) ?? 0n)
      .reduce((least, offset) => (offset < least ? offset : least)),
  }));
}
