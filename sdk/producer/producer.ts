import type { Agent as HttpAgent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";
import { BatchQueue } from "../client/batch-queue.ts";
import { Api, toItemError } from "../client/call-api.ts";
import type { Database } from "../database/database.ts";
import { canonicalId } from "../client/canonical-id.ts";
import { type Message, type MessageResult, toWire, type WireMessage } from "./message.ts";
import { aboutMessage, SurelayError } from "../client/surelay-error.ts";
import { createTransact, type Transact } from "./transact.ts";

export interface ProducerOptions {
  /** Where the service's API is, such as `http://127.0.0.1:4000`. */
  url: string;
  /** An API key of the app, with the scope `produce`; a function is asked at every call. */
  key: string | (() => string);
  /** How long prepare, confirm, cancel and send try before they fail, in ms. Default 10,000. */
  timeoutMs?: number;
  /** How long one attempt may take, in ms. Default 5,000. */
  attemptTimeoutMs?: number;
  /** How long `transact` tries to confirm or cancel in the background, in ms; then a check-back does it. Default 60,000. */
  settleTimeoutMs?: number;
  /** Messages of one HTTP call. Default 500, which is the most. */
  maxBatch?: number;
  /** Calls of each kind that may wait at once; more fail with `queue_full`. Default 20,000. */
  maxQueued?: number;
  /** In place of the SDK's own connections: for proxies and client certificates. */
  agent?: HttpAgent | HttpsAgent;
  /**
   * Told of each message whose outcome `transact` could not report. Nothing is lost: a check-back settles it. Log it; one
   * code wants a person: `already_cancelled`, somebody cancelled a message whose transaction stands.
   */
  onUnsettled?: (error: SurelayError, messageId: string) => void;
}

/** What became of one message of a batch. */
export type BatchEntry = MessageResult | { id: string; error: SurelayError };

const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/**
 * A client of Surelay. Make one per process: calls that come up at the same time travel together.
 *
 * Each call may be repeated safely: a message is stored once per id, and the SDK chooses the id. So every call is tried
 * again until its time is up when it was not answered, or answered 429 or 5xx.
 *
 * @typeParam Topics maps topic names to the types of their payloads: `new Producer<{ "orders.created": OrderCreated }>(…)`
 */
export class Producer<Topics extends object = Record<string, unknown>> {
  readonly #api: Api;
  readonly #timeoutMs: number;
  readonly #settleTimeoutMs: number;
  readonly #onUnsettled: (error: SurelayError, messageId: string) => void;
  readonly #prepares: BatchQueue<WireMessage, MessageResult>;
  readonly #sends: BatchQueue<WireMessage, MessageResult>;
  readonly #confirms: BatchQueue<string, MessageResult>;
  readonly #cancels: BatchQueue<string, MessageResult>;
  readonly #background = new Set<Promise<void>>();

  constructor(options: ProducerOptions) {
    const { timeoutMs = 10_000, settleTimeoutMs = 60_000, onUnsettled = () => undefined } = options;
    this.#timeoutMs = timeoutMs;
    this.#settleTimeoutMs = settleTimeoutMs;
    this.#onUnsettled = onUnsettled;
    this.#api = new Api({ url: options.url, key: options.key, maxSockets: 16, agent: options.agent });
    const limits = {
      maxItems: options.maxBatch ?? 500,
      maxBytes: MAX_BATCH_BYTES,
      maxQueued: options.maxQueued ?? 20_000,
      attemptTimeoutMs: options.attemptTimeoutMs ?? 5000,
    };
    const storing = (path: string) =>
      new BatchQueue<WireMessage, MessageResult>({
        ...limits,
        maxInFlight: 4,
        bytesOf: (message) => message.bytes + 1,
        call: async (messages, ms) => {
          const body = `{"items":[${messages.map((message) => message.json).join(",")}]}`;
          return readResults(
            await this.#api.post(path, body, ms),
            messages.map((message) => message.id),
          );
        },
      });
    // One call at a time: two confirms of one key stay in the order in which their transactions committed.
    const deciding = (path: string) =>
      new BatchQueue<string, MessageResult>({
        ...limits,
        maxInFlight: 1,
        bytesOf: (id) => id.length + 3,
        call: async (ids, ms) => readResults(await this.#api.post(path, JSON.stringify({ ids }), ms), ids),
      });
    this.#prepares = storing("v1/batches/prepare");
    this.#sends = storing("v1/batches/send");
    this.#confirms = deciding("v1/batches/confirm");
    this.#cancels = deciding("v1/batches/cancel");
  }

  /**
   * Stores a message that nobody sees until `confirm`. Prefer `transactIn`, which does both.
   *
   * @throws SurelayError; with `unreachable` or a retryable code the message may be stored, invisible
   */
  async prepare(message: Message<Topics>): Promise<MessageResult> {
    return await this.#store(this.#prepares, message);
  }

  /**
   * Stores a message to be delivered: for a fact that is committed already, or that needs no transaction.
   *
   * @throws SurelayError; with `unreachable` or a retryable code the message may be stored, and delivered
   */
  async send(message: Message<Topics>): Promise<MessageResult> {
    return await this.#store(this.#sends, message);
  }

  /** Has a prepared message delivered; harmless if it is already. @throws SurelayError, `already_cancelled` among them */
  async confirm(id: string): Promise<MessageResult> {
    return await this.#decide(this.#confirms, canonicalId(id), this.#timeoutMs);
  }

  /** Drops a prepared message; harmless if it is already. @throws SurelayError, `already_confirmed` among them */
  async cancel(id: string): Promise<MessageResult> {
    return await this.#decide(this.#cancels, canonicalId(id), this.#timeoutMs);
  }

  /** `prepare` of many. Each is judged alone; results stand in the order of the messages. */
  async prepareAll(messages: readonly Message<Topics>[]): Promise<BatchEntry[]> {
    return await all(messages, (message) => this.prepare(message));
  }

  /** `send` of many. Each is judged alone; results stand in the order of the messages. */
  async sendAll(messages: readonly Message<Topics>[]): Promise<BatchEntry[]> {
    return await all(messages, (message) => this.send(message));
  }

  /** `confirm` of many. Each is judged alone; results stand in the order of the ids. */
  async confirmAll(ids: readonly string[]): Promise<BatchEntry[]> {
    return await all(ids, (id) => this.confirm(id));
  }

  /** `cancel` of many. Each is judged alone; results stand in the order of the ids. */
  async cancelAll(ids: readonly string[]): Promise<BatchEntry[]> {
    return await all(ids, (id) => this.cancel(id));
  }

  /**
   * The way to deliver a message if and only if a transaction of your database commits.
   *
   * ```ts
   * const transact = surelay.transactIn(pgDatabase(pool));
   * await transact({ topic: "orders.created", payload: order }, async (tx, messageId) => {
   *   await tx.query("INSERT INTO orders …");
   * });
   * ```
   *
   * @param database one of the adapters: `surelay-producer/pg`, `/prisma`, `/drizzle`, `/knex`, `/typeorm`, `/mysql2`
   */
  transactIn<Tx>(database: Database<Tx>): Transact<Topics, Tx> {
    return createTransact<Topics, Tx>(database, {
      prepare: (message) => this.#prepares.add(message, this.#timeoutMs),
      settle: (id, outcome) => this.#settle(id, outcome),
      inBackground: (work) => this.#track(work),
      unsettled: this.#onUnsettled,
    });
  }

  /**
   * Waits until what was asked for is answered, background confirms included, then ends the connections. Call it before the
   * process ends. @param timeoutMs after which the rest is left to check-backs, default 5,000
   */
  async close(timeoutMs = 5000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([this.#drain(), late]);
    clearTimeout(timer);
    for (const queue of this.#queues()) queue.close();
    this.#api.destroy();
  }

  async #drain(): Promise<void> {
    do {
      await Promise.all(this.#queues().map((queue) => queue.idle()));
      await Promise.all(this.#background);
    } while (this.#background.size > 0);
  }

  #queues() {
    return [this.#prepares, this.#sends, this.#confirms, this.#cancels];
  }

  async #store(
    queue: BatchQueue<WireMessage, MessageResult>,
    message: Message<Topics>,
  ): Promise<MessageResult> {
    const wire = toWire(message as Message);
    return await named(wire.id, queue.add(wire, this.#timeoutMs));
  }

  async #decide(
    queue: BatchQueue<string, MessageResult>,
    id: string,
    timeoutMs: number,
  ): Promise<MessageResult> {
    return await named(id, queue.add(id, timeoutMs));
  }

  /** Tells the service in the background what became of a transaction. Queued before this returns, so order holds. */
  #settle(id: string, outcome: "committed" | "rolled_back"): void {
    const queue = outcome === "committed" ? this.#confirms : this.#cancels;
    const told = this.#decide(queue, id, this.#settleTimeoutMs).then(
      () => undefined,
      (error: SurelayError) => this.#onUnsettled(error, id),
    );
    this.#track(told);
  }

  #track(work: Promise<void>): void {
    this.#background.add(work);
    void work.finally(() => this.#background.delete(work));
  }
}

async function named<T>(id: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw error instanceof SurelayError && error.messageId === undefined ? aboutMessage(error, id) : error;
  }
}

async function all<T>(items: readonly T[], call: (item: T) => Promise<MessageResult>): Promise<BatchEntry[]> {
  return await Promise.all(
    items.map((item) =>
      call(item).catch((error: SurelayError) => {
        const id =
          error.messageId ?? (typeof item === "string" ? item : ((item as { id?: string }).id ?? ""));
        return { id, error };
      }),
    ),
  );
}

/** @param ids of the items asked about, in their order @throws SurelayError `bad_answer` */
function readResults(answer: unknown, ids: readonly string[]): (MessageResult | SurelayError)[] {
  const results = (answer as { results?: unknown } | null)?.results;
  if (!Array.isArray(results) || results.length !== ids.length)
    throw new SurelayError(
      "bad_answer",
      "What answered is not Surelay's API: it holds no result per message.",
    );
  return (results as (MessageResult & { error?: unknown })[]).map((result, i) =>
    result.error ? toItemError(result.error, ids[i]!) : { id: result.id, state: result.state },
  );
}
