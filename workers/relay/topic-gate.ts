import type { Queryable } from "../../server/db.ts";
import { KafkaFault } from "../../server/kafka/fault.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";
import type { Log } from "../../server/log.ts";
import { holdResends, releaseHeldResends } from "../../server/store/due-resends.ts";
import {
  heldTopics,
  holdMessages,
  type ReadyMessage,
  releaseHeld,
} from "../../server/store/ready-messages.ts";
import { clearTopicFault, setTopicFault } from "../../server/store/topics.ts";
import type { Directory } from "./directory.ts";
import { type Lease, LeaseLost } from "./lease-keeper.ts";
import type { Pauses } from "./pauses.ts";
import type { Route } from "./plan-batch.ts";

const FACTS_MAX_AGE_MS = 60_000;
const RELEASE_AT_ONCE = 5000;

/** `shut`: its messages are parked. `probing`: one of them has been put back and is to be sent before the others. */
type GateState = { kind: "shut"; retryAt: number } | { kind: "probing" };

/**
 * Which topics of one lane can be written. Messages of one that cannot, or that an operator has paused, are parked by
 * themselves, visibly, while the lane's other topics pass. A topic heals in order: its oldest message goes first and alone; once the broker has taken it, all
 * that was parked is put back before anything else of the lane is read.
 *
 * Lives as long as the lease: which topics have parked messages is read from the store at the start.
 */
export class TopicGate {
  readonly #states = new Map<number, GateState>();
  readonly #routes = new Map<number, Route>();
  readonly #deps: TopicGateDeps;
  readonly #lease: Lease;

  constructor(lease: Lease, deps: TopicGateDeps) {
    this.#lease = lease;
    this.#deps = deps;
  }

  /**
   * @param before the gate of the same lane's former lease, if it was ours: a topic that was just found faulty is not
   * tried again at once, or trying it would be all that the lane ever does
   */
  async open(before?: TopicGate): Promise<void> {
    for (const topicId of await heldTopics(this.#deps.db, this.#lease.lane)) {
      const known = before === undefined ? undefined : before.#states.get(topicId);
      this.#states.set(topicId, { kind: "shut", retryAt: known?.kind === "shut" ? known.retryAt : 0 });
    }
  }

  /** Topics whose messages are parked now. */
  get shut(): number {
    return this.#states.size;
  }

  /** Brings the routes of these topics up to date; a topic found missing or not permitted is faulty from now on. */
  async learn(topicIds: Iterable<number>): Promise<void> {
    for (const topicId of new Set(topicIds)) {
      const state = this.#states.get(topicId);
      if (state?.kind === "shut") {
        this.#routes.set(topicId, { kind: "held" });
        continue;
      }
      if (this.#deps.pauses.hasTopic(topicId)) {
        this.#states.set(topicId, { kind: "shut", retryAt: 0 });
        this.#routes.set(topicId, { kind: "held" });
        this.#deps.log.info({ lane: this.#lease.lane, topicId }, "a topic is paused: its messages are held");
        continue;
      }
      const topic = await this.#deps.directory.topicName(topicId);
      try {
        const facts = await this.#deps.kafka.topicFacts(topic, FACTS_MAX_AGE_MS);
        this.#routes.set(topicId, { kind: state ? "probe" : "open", topic, ...facts });
      } catch (error) {
        if (!isTopicFault(error)) throw error;
        await this.fail(topicId, error);
      }
    }
  }

  route(topicId: number): Route {
    return this.#routes.get(topicId)!;
  }

  /** From now on this topic's messages are parked. */
  async fail(topicId: number, fault: KafkaFault): Promise<void> {
    this.#states.set(topicId, { kind: "shut", retryAt: performance.now() + this.#deps.retryMs });
    this.#routes.set(topicId, { kind: "held" });
    this.#deps.log.warn(
      { lane: this.#lease.lane, topicId, fault: fault.message },
      "a topic cannot be written: its messages are held until it can",
    );
    await setTopicFault(this.#deps.db, topicId, fault.kind, fault.message);
  }

  /** Parks messages outside what the lane reads. @throws LeaseLost */
  async hold(messages: readonly ReadyMessage[]): Promise<void> {
    const ids = messages.filter((m) => m.resendId === null).map((m) => m.id);
    const resendIds = messages.flatMap((m) => m.resendId ?? []);
    if (ids.length > 0 && !(await holdMessages(this.#deps.hot, { ...this.#hold(), ids })).leaseHeld)
      throw new LeaseLost(this.#lease.lane);
    if (
      resendIds.length > 0 &&
      !(await holdResends(this.#deps.hot, { ...this.#hold(), ids: resendIds })).leaseHeld
    )
      throw new LeaseLost(this.#lease.lane);
  }

  /** Looks again at shut topics whose time has come, or whose pause is over; puts back the oldest message of one that the broker knows again. */
  async retry(): Promise<void> {
    for (const [topicId, state] of this.#states) {
      if (state.kind !== "shut" || performance.now() < state.retryAt) continue;
      if (this.#deps.pauses.hasTopic(topicId)) continue;
      try {
        await this.#deps.kafka.topicFacts(
          await this.#deps.directory.topicName(topicId),
          this.#deps.retryMs / 2,
        );
      } catch (error) {
        if (!isTopicFault(error)) throw error;
        state.retryAt = performance.now() + this.#deps.retryMs;
        await setTopicFault(this.#deps.db, topicId, error.kind, error.message);
        continue;
      }
      if ((await this.#release(topicId, 1)) === 0) await this.#healed(topicId);
      else this.#states.set(topicId, { kind: "probing" });
    }
  }

  /** The broker has committed messages of these topics: those that were being probed are healed. */
  async passed(topicIds: Iterable<number>): Promise<void> {
    for (const topicId of topicIds) {
      if (this.#states.get(topicId)?.kind !== "probing") continue;
      // All of it before the lane is read again: a message that was stored later must not be seen before an older one.
      while ((await this.#release(topicId, RELEASE_AT_ONCE)) > 0);
      await this.#healed(topicId);
    }
  }

  /** ms until a shut topic is due to be looked at; Infinity: none is, but for paused ones, whose end wakes the lane. */
  nextRetryMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const [topicId, state] of this.#states)
      if (state.kind === "shut" && !this.#deps.pauses.hasTopic(topicId))
        next = Math.min(next, state.retryAt - performance.now());
    return Math.max(0, next);
  }

  async #healed(topicId: number): Promise<void> {
    this.#states.delete(topicId);
    await clearTopicFault(this.#deps.db, topicId);
    this.#deps.log.info({ lane: this.#lease.lane, topicId }, "a topic can be written again");
  }

  /** Messages and resends alike: of each up to `limit`. What is one too many for a probe is parked again. */
  async #release(topicId: number, limit: number): Promise<number> {
    const what = { ...this.#hold(), topicId, limit };
    const messages = await releaseHeld(this.#deps.hot, what);
    const resends = await releaseHeldResends(this.#deps.hot, what);
    if (!messages.leaseHeld || !resends.leaseHeld) throw new LeaseLost(this.#lease.lane);
    if (resends.moved > 0) this.#deps.onResendsReleased();
    return messages.moved + resends.moved;
  }

  #hold() {
    return { lane: this.#lease.lane, epoch: this.#lease.epoch };
  }
}

export interface TopicGateDeps {
  db: Queryable;
  /** Plans pinned. */
  hot: Queryable;
  kafka: RelayKafka;
  directory: Directory;
  pauses: Pauses;
  log: Log;
  retryMs: number;
  /** Resends may be read again. */
  onResendsReleased: () => void;
}

type TopicFault = KafkaFault & { kind: "topic_missing" | "not_permitted" };

export function isTopicFault(error: unknown): error is TopicFault {
  return error instanceof KafkaFault && (error.kind === "topic_missing" || error.kind === "not_permitted");
}
