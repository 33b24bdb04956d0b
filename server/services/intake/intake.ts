import type { Registry } from "prom-client";
import type { Config } from "../../config/config.ts";
import type { Queryable } from "../../db.ts";
import { laneOf } from "../../domain/lane.ts";
import { judgeMessageId, newMessageId } from "../../domain/message-id.ts";
import { SurelayError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { OwnedId } from "../../store/confirm-messages.ts";
import { Coalescer, type Receiver } from "./coalescer.ts";
import type { Decided } from "./decide-flush.ts";
import type { IntakeStore } from "./intake-store.ts";
import { createIntakeMetrics, type IntakeMetrics } from "./intake-metrics.ts";
import type { Stored, Submission } from "./judge-repeat.ts";
import { type IntakeLimits, intakeLimits } from "./limits.ts";
import type { ParsedMessage } from "./parse-message.ts";
import { QueueLimit } from "./queue-limit.ts";
import { TopicIds, unknownTopic } from "./topic-ids.ts";

export type StoreKind = "prepare" | "send";
export type DecideKind = "confirm" | "cancel";

/** On whose behalf messages are taken. */
export interface Producer {
  appId: number;
  /** The app's own default for the first check-back. */
  checkAfterSeconds: number | null;
}

export interface IntakeOptions {
  config: Config;
  store: IntakeStore;
  /** For looking up topics. */
  db: Queryable;
  /** Number of lanes of the installation. */
  lanes: number;
  metrics: Registry;
  log: Log;
}

/** Beyond the payload: what a waiting message costs in memory. */
const ITEM_OVERHEAD = 512;
const FLUSH_BYTES = 4 * 1024 * 1024;
const EXPIRE_EVERY_MS = 50;

/**
 * Takes messages and decisions of concurrent callers, coalesces them into flushes and answers after the commit.
 * One flush at a time of each kind: of confirm and send because their order is the order of messages, of prepare and
 * cancel because a second one would only make both smaller, and a small statement costs more per message.
 */
export class Intake {
  readonly limits: IntakeLimits;
  readonly queueLimit: QueueLimit;
  readonly #options: IntakeOptions;
  readonly #topics: TopicIds;
  readonly #metrics: IntakeMetrics;
  readonly #stores: Record<StoreKind, Coalescer<Submission, Stored>>;
  readonly #decisions: Record<DecideKind, Coalescer<OwnedId, Decided>>;
  readonly #timer: NodeJS.Timeout;

  constructor(options: IntakeOptions) {
    const { config, store } = options;
    this.#options = options;
    this.limits = intakeLimits(config);
    this.queueLimit = new QueueLimit(config.SURELAY_INTAKE_QUEUE, config.SURELAY_INTAKE_QUEUE_BYTES);
    this.#topics = new TopicIds(options.db);
    this.#metrics = createIntakeMetrics(options.metrics, this.queueLimit);
    const shared = (name: string) => ({
      name,
      limit: this.queueLimit,
      maxItems: config.SURELAY_INTAKE_BATCH,
      maxBytes: FLUSH_BYTES,
      inFlight: 1,
      timeoutMs: config.SURELAY_INTAKE_TIMEOUT_MS,
      observe: (flush: { items: number; bytes: number; ms: number; failed: boolean }) =>
        this.#metrics.flush(name, flush),
    });
    const storing = (kind: StoreKind) =>
      new Coalescer<Submission, Stored>({
        ...shared(kind),
        flush: (items, abandoned) => store.store(kind, items, abandoned),
        bytesOf: (item) => item.payload.length + ITEM_OVERHEAD,
      });
    const deciding = (kind: DecideKind) =>
      new Coalescer<OwnedId, Decided>({
        ...shared(kind),
        flush: (items, abandoned) => store.decide(kind, items, abandoned),
        bytesOf: () => ITEM_OVERHEAD,
        // The store answers by id: two apps naming one id in one flush could not be told apart.
        apart: { idOf: (item) => item.id, clash: (a, b) => a.appId !== b.appId },
      });
    this.#stores = { prepare: storing("prepare"), send: storing("send") };
    this.#decisions = { confirm: deciding("confirm"), cancel: deciding("cancel") };
    this.#timer = setInterval(() => this.#expire(), EXPIRE_EVERY_MS).unref();
  }

  /** Stores one message. @throws SurelayError */
  async storeOne(
    kind: StoreKind,
    producer: Producer,
    message: ParsedMessage,
    traceparent: string | null,
  ): Promise<Stored> {
    const topicId = this.#topics.peek(message.topic) ?? (await this.#topics.find(message.topic));
    if (topicId === null) throw this.#counted(kind, unknownTopic(message.topic, message.id));
    const item = this.#submission(producer, message, topicId, traceparent);
    return await one(this.#stores[kind], item, (result) => this.#answer(kind, item.id, result));
  }

  /** Stores messages of one call; each is judged alone. @throws SurelayError when none of them could be queued */
  async storeMany(
    kind: StoreKind,
    producer: Producer,
    messages: readonly (ParsedMessage | SurelayError)[],
    traceparent: string | null,
  ): Promise<(Stored | SurelayError)[]> {
    const topics = new Set<string>();
    for (const message of messages) if (!(message instanceof SurelayError)) topics.add(message.topic);
    for (const topic of topics) if (this.#topics.peek(topic) === undefined) await this.#topics.find(topic);
    const items: Submission[] = [];
    const places: number[] = [];
    const results = messages.map((message, place): Stored | SurelayError => {
      if (message instanceof SurelayError) return this.#counted(kind, message);
      const topicId = this.#topics.peek(message.topic);
      if (topicId === undefined) return this.#counted(kind, unknownTopic(message.topic, message.id));
      items.push(this.#submission(producer, message, topicId, traceparent));
      places.push(place);
      return PENDING;
    });
    await many(this.#stores[kind], items, (i, result) => {
      results[places[i]!] = this.#answer(kind, items[i]!.id, result);
    });
    return results;
  }

  /** Confirms or cancels one message. @throws SurelayError */
  async decideOne(kind: DecideKind, appId: number, id: string): Promise<Decided> {
    return await one(this.#decisions[kind], { id, appId }, (result) => this.#answer(kind, id, result));
  }

  /** Confirms or cancels messages of one call in its order; each is judged alone. */
  async decideMany(
    kind: DecideKind,
    appId: number,
    ids: readonly (string | SurelayError)[],
  ): Promise<(Decided | SurelayError)[]> {
    const items: OwnedId[] = [];
    const places: number[] = [];
    const results = ids.map((id, place): Decided | SurelayError => {
      if (id instanceof SurelayError) return this.#counted(kind, id);
      items.push({ id, appId });
      places.push(place);
      return PENDING;
    });
    await many(this.#decisions[kind], items, (i, result) => {
      results[places[i]!] = this.#answer(kind, items[i]!.id, result);
    });
    return results;
  }

  /** Resolves when everything queued is answered. New calls are still taken: the caller stops them first. */
  async drain(): Promise<void> {
    const queues = [...Object.values(this.#stores), ...Object.values(this.#decisions)];
    await Promise.all(queues.map((queue) => queue.idle()));
    clearInterval(this.#timer);
  }

  #submission(
    producer: Producer,
    message: ParsedMessage,
    topicId: number,
    traceparent: string | null,
  ): Submission {
    const { limits } = this;
    const id = message.id ?? newMessageId();
    const window = { pastSeconds: limits.idPastSeconds, futureSeconds: limits.idFutureSeconds };
    return {
      id,
      appId: producer.appId,
      topicId,
      lane: laneOf(message.topic, message.key, id, this.#options.lanes),
      key: message.key,
      type: message.type,
      businessKey: message.businessKey,
      contentType: message.contentType,
      headers: message.headers,
      traceparent: message.traceparent ?? traceparent,
      payload: message.payload,
      deliverAt: message.deliverAt,
      checkAfterSeconds: message.checkAfterSeconds ?? producer.checkAfterSeconds ?? limits.checkAfterSeconds,
      verdict: message.id === null ? "ok" : judgeMessageId(id, Date.now(), window),
    };
  }

  /** Every error about a message names it: also the id that the service made, so that the call can be repeated with it. */
  #answer<R extends { id: string; state: string }>(
    kind: string,
    id: string,
    result: R | SurelayError,
  ): R | SurelayError {
    const { log } = this.#options;
    if (result instanceof SurelayError) return this.#counted(kind, aboutMessage(result, id));
    this.#metrics.result(kind, result.state);
    if (log.isLevelEnabled("debug")) log.debug({ messageId: id, kind, state: result.state }, "message taken");
    return result;
  }

  #counted(kind: string, error: SurelayError): SurelayError {
    this.#metrics.result(kind, error.code);
    const { log } = this.#options;
    if (log.isLevelEnabled("debug"))
      log.debug({ messageId: error.messageId, kind, code: error.code }, "message refused");
    return error;
  }

  #expire(): void {
    const now = performance.now();
    for (const kind of ["prepare", "send"] as const) this.#stores[kind].expire(now);
    for (const kind of ["confirm", "cancel"] as const) this.#decisions[kind].expire(now);
  }
}

const PENDING = new SurelayError("internal", "The service lost sight of this message.");

function aboutMessage(error: SurelayError, messageId: string): SurelayError {
  if (error.messageId !== undefined) return error;
  const { code, message, retryable, retryAfterSeconds, cause } = error;
  return new SurelayError(code, message, { retryable, retryAfterSeconds, cause, messageId });
}

function one<Item, Result>(
  queue: Coalescer<Item, Result>,
  item: Item,
  answer: (result: Result | SurelayError) => Result | SurelayError,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const receiver: Receiver<Result> = {
      settle(_index, result) {
        const answered = answer(result);
        if (answered instanceof SurelayError) reject(answered);
        else resolve(answered);
      },
    };
    queue.push([item], receiver);
  });
}

function many<Item, Result>(
  queue: Coalescer<Item, Result>,
  items: readonly Item[],
  settle: (index: number, result: Result | SurelayError) => void,
): Promise<void> {
  if (items.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    let open = items.length;
    const receiver: Receiver<Result> = {
      settle(index, result) {
        settle(index, result);
        if (--open === 0) resolve();
      },
    };
    queue.push(items, receiver);
  });
}
