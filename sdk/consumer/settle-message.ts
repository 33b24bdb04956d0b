import { setTimeout as pause } from "node:timers/promises";
import { Slots } from "../client/slots.ts";
import { describeError } from "./describe-error.ts";
import { isRejection, RejectMessage, retryAfterOf } from "./handler-errors.ts";
import type { Inbox } from "./inbox.ts";
import type { ReceivedMessage } from "./message.ts";
import type { Settings } from "./options.ts";
import { delaySeconds } from "../contract/retry-schedule.ts";
import { type Handler, type HandlerResult, isPassing, runHandler } from "./run-handler.ts";
import type { Acknowledgement } from "./send-acks.ts";
import type { OnTrouble } from "./trouble.ts";

/** A record on its way through the handler. */
export interface Work {
  message: ReceivedMessage;
  /** Below the reach of a process that died: it may be what ended it. */
  suspect: boolean;
  /** Of what is no suspect: called right before it begins, so that it is one if this process dies. False: it must not begin. */
  mark: () => Promise<boolean>;
  /** Nothing more is begun for it: the partition is lost, or the process ends. */
  halted: AbortSignal;
  /** For the handler: its work is in vain, or has to end. */
  signal: AbortSignal;
}

/** What happened to a message in this process. */
interface Tally {
  /** When the first attempt began that a database's absence did not prevent, by `performance.now()`. */
  begunAt?: number;
  /** Throws of the handler. */
  failures: number;
  /** COMMITs that failed since. */
  commits: number;
  /** Times that the database could not begin or commit. */
  databases: number;
  /** Passing failures since the last other one. */
  passing: number;
  /** Of a suspect: starts that never ended, of processes before this one; null: it is finished. */
  before?: number | null;
  /** A start is written down: once per process, however often the handler is begun in it. */
  noted: boolean;
}

/** What one attempt came to; null: it was halted. */
type Attempted = HandlerResult | { kind: "poison"; error: unknown } | null;

/** What the service is to be told; null: nothing, it was halted. */
export type Settlement = Acknowledgement | null;

const DATABASE_BACKOFF = { firstMs: 50, mostMs: 5000 };
/** COMMITs that fail one after the other before it is the message's fault: a constraint checked at the end, say. */
const FAILED_COMMITS = 3;
/** Deadlocks, serialization failures and lost connections in a row that are repeated at once. */
const PASSING_FAILURES = 5;

/**
 * Brings one message to its end: handled, to be delivered again, or rejected. A database that is away is not the message's
 * fault: it is waited for, and no attempt is spent.
 */
export class MessageSettler<Tx> {
  readonly #settings: Settings<Tx>;
  readonly #inbox: Inbox<Tx>;
  readonly #handler: Handler<Tx>;
  readonly #onTrouble: OnTrouble;
  readonly #slots: Slots;
  readonly #alone = new Slots(1);

  constructor(settings: Settings<Tx>, inbox: Inbox<Tx>, handler: Handler<Tx>, onTrouble: OnTrouble) {
    this.#settings = settings;
    this.#inbox = inbox;
    this.#handler = handler;
    this.#onTrouble = onTrouble;
    this.#slots = new Slots(settings.concurrency);
  }

  async settle(work: Work): Promise<Settlement> {
    const { message } = work;
    const tally: Tally = { failures: 0, commits: 0, databases: 0, passing: 0, noted: false };
    const settlement = await this.#bring(work, tally);
    if (!tally.noted || settlement?.outcome === "acked") return settlement;
    // It came to an end, and was no crash.
    const key = { messageId: message.id, subscription: message.subscription };
    await this.#inbox.forgetStarts(key).catch((error: unknown) => this.#tell("database", message, error));
    return settlement;
  }

  async #bring(work: Work, tally: Tally): Promise<Settlement> {
    const { message } = work;
    for (;;) {
      const begunAt = performance.now();
      const result = await this.#attempt(work, tally);
      if (result === null) return null;
      if (result.kind === "done") return say(message, "acked");
      if (result.kind === "poison") {
        const rejected = await this.#giveUp(work, result.error);
        if (rejected) return rejected;
        continue;
      }
      if (result.kind === "database" && !(result.committing && ++tally.commits >= FAILED_COMMITS)) {
        this.#tell("database", message, result.error);
        await rest(backoff(tally.databases++), work.halted);
        continue;
      }
      tally.begunAt ??= begunAt;
      if (isPassing(result.error) && tally.passing++ < PASSING_FAILURES) {
        await rest(10 * 2 ** tally.passing * Math.random(), work.halted);
        continue;
      }
      const next = await this.#fail(work, result.error, ++tally.failures, tally.begunAt);
      if (next) return next;
      tally.commits = 0;
      tally.passing = 0;
    }
  }

  /**
   * A pause that would end when the service delivers the message again is not begun: whoever gave up after it would not be
   * heard, and the redelivery would come behind later messages of the key. A first attempt has one after it however long it
   * took: it may have been the process that stood still, and one that is DEAD for that is sent anew behind the others as well.
   *
   * @returns what to tell, or null: try again in place
   */
  async #fail(work: Work, error: unknown, failures: number, begunAt: number): Promise<Settlement> {
    const { message, halted } = work;
    const { inPlace, retry, inPlaceSeconds } = this.#settings;
    if (isRejection(error)) return await this.#giveUp(work, error);
    const retryAfterSeconds = retryAfterOf(error);
    if (!inPlace)
      return say(message, "retry", error, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
    this.#tell("failed", message, error);
    const pauseMs = Math.max(delaySeconds(retry, failures, Math.random()), retryAfterSeconds ?? 0) * 1000;
    const spentMs = failures === 1 ? 0 : performance.now() - begunAt;
    if (failures >= retry.maxAttempts || spentMs + pauseMs > inPlaceSeconds * 1000)
      return await this.#giveUp(work, error);
    await rest(pauseMs, halted);
    return null;
  }

  /** @returns what to tell, or null: nobody takes it, so it is tried again */
  async #giveUp(work: Work, error: unknown): Promise<Settlement> {
    const { message, halted } = work;
    const { byOffset, onRejected, retry } = this.#settings;
    if (!byOffset) return say(message, "rejected", error);
    try {
      if (!onRejected) throw error;
      await onRejected(message, error);
      return say(message, "rejected", error);
    } catch (trouble) {
      this.#tell("failed", message, trouble);
      await rest(retry.maxDelaySeconds * 1000, halted);
      return null;
    }
  }

  async #attempt(work: Work, tally: Tally): Promise<Attempted> {
    const { halted, suspect, mark } = work;
    if (halted.aborted) return null;
    // Behind all that came before it, each suspect would wait for the whole backlog anew, and the next one after it.
    if (suspect) return await this.#slots.useNext(() => this.#attemptSuspect(work, tally));
    return await this.#slots.use(Infinity, async () =>
      !halted.aborted && (await mark()) ? await this.#handle(work) : null,
    );
  }

  async #handle(work: Work): Promise<HandlerResult | null> {
    if (work.halted.aborted) return null;
    const parts = { database: this.#settings.database, inbox: this.#inbox };
    return await runHandler(parts, this.#handler, work.message, { signal: work.signal });
  }

  /**
   * Its start is written down before it begins. What began before and never ended goes alone: should the process die again,
   * it is known who it was. The others go beside each other, so that a crash costs few of them more than that note.
   */
  async #attemptSuspect(work: Work, tally: Tally): Promise<Attempted> {
    if (work.halted.aborted) return null;
    const key = { messageId: work.message.id, subscription: work.message.subscription };
    try {
      tally.before ??= await this.#inbox.readStarts(key);
    } catch (error) {
      return { kind: "database", error, committing: false };
    }
    if (tally.before === null) return { kind: "done", again: true };
    return tally.before === 0
      ? await this.#begin(work, tally)
      : await this.#alone.use(Infinity, () => this.#begin(work, tally));
  }

  /** `settle` strikes the start out when it ended, whatever it came to. */
  async #begin(work: Work, tally: Tally): Promise<Attempted> {
    const { message, halted } = work;
    const { maxStarts } = this.#settings;
    if (halted.aborted) return null;
    const key = { messageId: message.id, subscription: message.subscription };
    if (!tally.noted) {
      try {
        const starts = await this.#inbox.noteStart(key, message.attempt, maxStarts);
        if (starts === null) return { kind: "done", again: true };
        if (starts > maxStarts) return { kind: "poison", error: this.#poison(message) };
        tally.noted = true;
      } catch (error) {
        return { kind: "database", error, committing: false };
      }
    }
    return await this.#handle(work);
  }

  #poison(message: ReceivedMessage): RejectMessage {
    const error = new RejectMessage(
      `The process ended while it handled this message, ${this.#settings.maxStarts} times. It is not handled again before an operator sends it anew.`,
      { type: "poison" },
    );
    this.#tell("poison", message, error);
    return error;
  }

  #tell(kind: "database" | "failed" | "poison", message: ReceivedMessage, error: unknown): void {
    const { topic, partition, offset } = message.record;
    this.#onTrouble({ kind, error, messageId: message.id, place: `${topic}/${partition}/${offset}` });
  }
}

function say(
  message: ReceivedMessage,
  outcome: Acknowledgement["outcome"],
  error?: unknown,
  more: Pick<Acknowledgement, "retryAfterSeconds"> = {},
): Acknowledgement {
  const { id: messageId, subscription, attempt } = message;
  return {
    messageId,
    subscription,
    outcome,
    attempt,
    ...(outcome !== "acked" && { error: describeError(error) }),
    ...more,
  };
}

const backoff = (n: number) =>
  Math.min(DATABASE_BACKOFF.mostMs, DATABASE_BACKOFF.firstMs * 2 ** Math.min(n, 10)) *
  (0.5 + Math.random() / 2);

/** Ends early when it is halted. */
async function rest(ms: number, halted: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal: halted }).catch(() => undefined);
}
