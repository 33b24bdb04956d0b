import { setTimeout as pause } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import { ackByApi } from "./ack-by-api.ts";
import { ackByTopic } from "./ack-by-topic.ts";
import { Inbox } from "./inbox.ts";
import { type ConsumerOptions, readOptions, type Settings } from "./options.ts";
import { pruneInbox } from "./prune-inbox.ts";
import { readPolicy } from "./read-policy.ts";
import type { Handler } from "./run-handler.ts";
import { AckSender } from "./send-acks.ts";
import { Session, type SessionParts } from "./session.ts";
import { MessageSettler } from "./settle-message.ts";
import { type OnTrouble, quietly } from "./trouble.ts";

/** A consumer of one subscription. */
export interface Consumer<Tx, Payload = unknown> {
  /**
   * Handles messages until `stop`. The broker or the database being away ends nothing: it goes on when they are back, and
   * `onTrouble` is told.
   *
   * @throws RangeError: by what the service, asked by its API, says of the subscription, the inbox forgets sooner than it goes
   * on delivering, or order could not be kept (`ordered`); else only when it runs or was stopped already
   */
  run(handler: Handler<Tx, Payload>): Promise<void>;
  /**
   * Begins no more messages, lets those in hand end, tells the service, commits, and leaves the group.
   *
   * @param timeoutMs after which it leaves all the same; what was not committed is read again by whoever is next, and what
   * was handled is not handled again. Default 10,000
   */
  stop(timeoutMs?: number): Promise<void>;
}

const RESTART_MS = 1000;

/**
 * ```ts
 * const consumer = createConsumer({ brokers, topic: "orders.created", subscription: "shipping", database, ack: { url, key } });
 * await consumer.run(async (message, tx) => { await tx.query("INSERT INTO waybills …"); });
 * ```
 *
 * Each message is handled once in effect: its id is written into `surelay_inbox` by the handler's own transaction, and
 * one that comes again is skipped and acknowledged again. What a crash leaves behind:
 *
 * | died or cut off | what is true | who repairs it | when |
 * | --- | --- | --- | --- |
 * | taken, not begun | nothing happened | whoever gets the partition reads it again: the offset is not committed | when the group notices, `sessionTimeoutMs` |
 * | inside the transaction | the database rolls back when the connection ends | the same | the same |
 * | COMMIT sent, not answered | committed or not | the same; the inbox row says which | the same |
 * | committed, acknowledgement not handed over | handled, and the service does not know | the same: skipped, and acknowledged | the same; before, the service may deliver it once more by its time-out, which is skipped as well |
 * | acknowledged, offset not committed | done | read again, skipped, acknowledged again: harmless | the same |
 * | handler failed, report not handed over | nothing of it stands | handled again | the same |
 * | the message itself ends the process | the mark of reach stands | starts of records in reach are counted, and one that never ended goes alone: rejected as `poison` after `maxStarts` | after so many crashes |
 * | the partition went to another process | both may begin the message | the second waits at the inbox row for the first, and skips | when the first's transaction ends |
 * | the service is away | handled messages are kept un-committed | told again until it takes them; a partition stands still at `maxPending` of them | when it is back |
 * | your database is away | nothing is handled, no attempt is spent | tried again, at most 5 s apart | when it is back |
 *
 * @throws TypeError, RangeError on impossible options; RangeError if `inbox.retentionDays` is too short for the schedule, or
 * the attempts of `ordered` too many
 */
export function createConsumer<Tx, Payload = unknown>(options: ConsumerOptions<Tx>): Consumer<Tx, Payload> {
  return new GroupConsumer<Tx, Payload>(options);
}

class GroupConsumer<Tx, Payload> implements Consumer<Tx, Payload> {
  readonly #options: ConsumerOptions<Tx>;
  readonly #settings: Settings<Tx>;
  readonly #onTrouble: OnTrouble;
  readonly #stop = new AbortController();
  #state: "new" | "running" | "over" = "new";
  #session: Session<Tx> | undefined;
  #acks: AckSender | null = null;
  #stopped: Promise<void> | undefined;

  constructor(options: ConsumerOptions<Tx>) {
    this.#options = options;
    this.#settings = readOptions(options);
    this.#onTrouble = quietly(options.onTrouble);
  }

  async run(handler: Handler<Tx, Payload>): Promise<void> {
    if (this.#state !== "new") throw new Error("A consumer runs once; make a new one.");
    this.#state = "running";
    const settings = await this.#askService().catch((error: unknown) => {
      if (error instanceof RangeError) throw error;
      // It is asked again before the first row is forgotten.
      this.#onTrouble({ kind: "acknowledgement", error });
      return this.#settings;
    });
    const inbox = new Inbox(settings.database);
    const kafka = new Kafka({
      clientId: settings.groupId,
      logLevel: logLevel.NOTHING,
      connectionTimeout: 3000,
      requestTimeout: 10_000,
      ...settings.kafka,
      brokers: settings.brokers,
    });
    this.#acks = openAcks(settings, kafka, this.#onTrouble);
    const upkeep = this.#prunePeriodically();
    const parts: SessionParts<Tx> = {
      kafka,
      settings,
      inbox,
      settler: new MessageSettler(settings, inbox, handler as Handler<Tx>, this.#onTrouble),
      acks: this.#acks,
      onTrouble: this.#onTrouble,
      inHand: new Map(),
    };
    while (!this.#stop.signal.aborted) await this.#runSession(parts);
    await this.#stopped;
    await upkeep;
    this.#state = "over";
  }

  stop(timeoutMs = 10_000): Promise<void> {
    this.#stopped ??= this.#shutDown(timeoutMs);
    return this.#stopped;
  }

  async #shutDown(timeoutMs: number): Promise<void> {
    this.#stop.abort();
    await this.#session?.stop(timeoutMs);
    await this.#acks?.close();
  }

  /** One membership; returns when it ended by itself, or is being stopped. */
  async #runSession(parts: SessionParts<Tx>): Promise<void> {
    const session = new Session(parts);
    this.#session = session;
    let stopped = () => undefined as void;
    const stopping = new Promise<void>((resolve) => (stopped = resolve));
    this.#stop.signal.addEventListener("abort", stopped);
    const ended = session.start().then(
      () => session.over,
      (error: unknown) => error,
    );
    const error = await Promise.race([ended, stopping]);
    this.#stop.signal.removeEventListener("abort", stopped);
    if (this.#stop.signal.aborted) return;
    this.#onTrouble({ kind: "broker", error });
    await session.abandon();
    await pause(RESTART_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  async #prunePeriodically(): Promise<void> {
    const { pruneEveryMinutes, retentionDays, database } = this.#settings;
    if (pruneEveryMinutes === 0) return;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await pause(pruneEveryMinutes * 60_000, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.#askService()
        .then(() => pruneInbox(database, { olderThanDays: retentionDays }))
        .catch((error: unknown) => this.#onTrouble({ kind: "upkeep", error }));
    }
  }

  /**
   * The options by what the service says of the subscription by now, where it can be asked.
   *
   * @throws RangeError they do not go with it; SurelayError: the service does not answer just now
   */
  async #askService(): Promise<Settings<Tx>> {
    const { ack } = this.#settings;
    if (ack === "offset" || "topic" in ack) return this.#settings;
    const policy = await readPolicy(ack, this.#settings);
    return policy === null ? this.#settings : readOptions({ ...this.#options, policy });
  }
}

function openAcks<Tx>({ ack }: Settings<Tx>, kafka: Kafka, onTrouble: OnTrouble): AckSender | null {
  if (ack === "offset") return null;
  return new AckSender("topic" in ack ? ackByTopic(kafka, ack.topic) : ackByApi(ack), onTrouble);
}
