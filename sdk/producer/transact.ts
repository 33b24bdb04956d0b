import type { Outcome } from "./barrier-sql.ts";
import { decideOutcome, enterBarrier, requireBarrier } from "./barrier.ts";
import type { Database } from "../database/database.ts";
import { type Message, type MessageResult, toWire, type WireMessage } from "./message.ts";
import { SurelayError } from "../client/surelay-error.ts";

/**
 * Prepares the message, runs `work` in a transaction of your database, and reports the outcome: the message is delivered
 * if and only if the transaction commits. Returns what `work` returned, after the COMMIT; the confirm follows in the
 * background and never fails your call. With a list of messages all of them share the transaction's fate.
 *
 * What a crash of your process, of the network or of either side leaves behind:
 *
 * | died or cut off | what is true | who repairs it | when |
 * | --- | --- | --- | --- |
 * | before the prepare is stored | nothing happened | nobody needs to; `transact` throws | at once |
 * | prepare stored, not answered | the message waits, invisible | the check-back: no barrier row, so it is cancelled | first check, 10 s by default |
 * | prepared, transaction not begun | the same | the same; a transaction that begins later throws `already_rolled_back` before `work` runs | first check |
 * | inside the transaction | the database rolls back when the connection ends | the check-back finds no row: cancelled | first check |
 * | transaction still open | undecided | the check-back waits for it, gets 503 after 3 s, asks again | after its end, the next check: 10, 20, 40 s … |
 * | COMMIT sent, not answered | committed or not | `transact` asks the barrier row; if the process died, the check-back does | at once; else the first check |
 * | committed, confirm not sent or not answered | the message waits | retried for 60 s; after that, or if the process died, the check-back finds the row: delivered | at once; else the first check |
 * | rolled back, cancel not answered | the message waits, invisible | the check-back: cancelled | first check |
 * | your service is away for long | the message waits | Surelay keeps asking when it is back; its breaker saves the attempts | seconds after it is back |
 * | your database is away | the answer is 503, never a guess | the check-back asks again | after it is back |
 *
 * `work` must not COMMIT or ROLLBACK itself, nor run DDL on MySQL (which commits by itself).
 *
 * @throws whatever `work` or the database throws, after the rollback; SurelayError if the message cannot be prepared
 * (nothing happened then), `already_committed` or `already_rolled_back` (the work was not run), `outcome_unknown`
 */
export type Transact<Topics extends object, Tx> = <T>(
  message: Message<Topics> | readonly Message<Topics>[],
  work: (tx: Tx, ...messageIds: string[]) => Promise<T>,
) => Promise<T>;

/** What `transact` needs of the producer. */
export interface TransactParts {
  prepare: (message: WireMessage) => Promise<MessageResult>;
  /** Reports an outcome in the background, in the order of the calls. */
  settle: (id: string, outcome: Outcome) => void;
  /** Has `close` wait for it. */
  inBackground: (work: Promise<void>) => void;
  unsettled: (error: SurelayError, messageId: string) => void;
}

/** How long the outcome of a transaction that failed is looked for in the database. */
const LOOK_MS = 3000;
/** Looks in the background at once: they take connections of the business's own pool. */
const LOOKS_AT_ONCE = 2;
/** Looks that may wait; of more the outcome is left to check-backs. */
const MAX_LOOKS = 1000;

export function createTransact<Topics extends object, Tx>(
  database: Database<Tx>,
  parts: TransactParts,
): Transact<Topics, Tx> {
  const looks = new Looks(database, parts);
  return async (message, work) => {
    const messages = (Array.isArray(message) ? message : [message]) as readonly Message[];
    if (messages.length === 0)
      throw new SurelayError("validation_failed", "transact needs at least one message.");
    const ids = await prepareAll(messages.map(toWire), parts);
    // Set once the work is through and the transaction was seen alive: from then on only COMMIT can fail.
    let finished: { result: Awaited<ReturnType<typeof work>> } | undefined;
    try {
      await database.transaction(async (tx) => {
        finished = undefined; // some libraries run this again after a serialization failure
        await enterBarrier(database, tx, ids);
        const result = await work(tx, ...ids);
        await requireBarrier(database, tx, ids);
        finished = { result };
      });
    } catch (error) {
      if (!finished) {
        looks.settleLater(ids);
        throw error;
      }
      const outcome = await lookNow(database, ids[0]!, error);
      for (const id of ids) parts.settle(id, outcome);
      if (outcome === "rolled_back") throw error;
      return finished.result;
    }
    for (const id of ids) parts.settle(id, "committed");
    return finished!.result;
  };
}

/** @returns the ids, all of them prepared @throws SurelayError of the first that is not; the others are cancelled */
async function prepareAll(messages: readonly WireMessage[], parts: TransactParts): Promise<string[]> {
  const results = await Promise.allSettled(messages.map((message) => parts.prepare(message)));
  const refusals = results.map((result, i) => refusalOf(result, messages[i]!.id));
  const refusal = refusals.find((error) => error !== undefined);
  if (!refusal) return messages.map((message) => message.id);
  for (const [i, { id }] of messages.entries()) if (!refusals[i]) parts.settle(id, "rolled_back");
  throw refusal;
}

function refusalOf(result: PromiseSettledResult<MessageResult>, id: string): SurelayError | undefined {
  if (result.status === "rejected") return result.reason as SurelayError;
  const { state } = result.value;
  if (state === "PREPARED" || state === "UNDECIDED") return undefined;
  if (state === "CANCELLED")
    return new SurelayError("already_rolled_back", "A message of this id was cancelled before.", {
      messageId: id,
    });
  return new SurelayError("already_committed", `A message of this id is ${state} already.`, {
    messageId: id,
  });
}

/** The outcome of a transaction whose COMMIT failed. @throws SurelayError `outcome_unknown` */
async function lookNow<Tx>(database: Database<Tx>, id: string, commitError: unknown): Promise<Outcome> {
  try {
    const outcome = await decideOutcome(database, id, LOOK_MS);
    if (outcome !== "pruned") return outcome;
  } catch {
    // said below
  }
  throw new SurelayError(
    "outcome_unknown",
    "COMMIT failed and the database cannot be asked whether it took effect; a check-back will settle the message.",
    { messageId: id, cause: commitError },
  );
}

/**
 * Finds out in the background what became of transactions that did not get through. Nearly always rolled back; but the
 * work may have ended its transaction itself, so the barrier row is asked before anything is cancelled.
 */
class Looks<Tx> {
  readonly #database: Database<Tx>;
  readonly #parts: TransactParts;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(database: Database<Tx>, parts: TransactParts) {
    this.#database = database;
    this.#parts = parts;
  }

  settleLater(ids: readonly string[]): void {
    for (const id of ids) this.#parts.inBackground(this.#look(id));
  }

  async #look(id: string): Promise<void> {
    if (this.#waiting.length >= MAX_LOOKS)
      return this.#left(id, new Error("too many failed transactions at once"));
    if (this.#running >= LOOKS_AT_ONCE) await new Promise<void>((turn) => this.#waiting.push(turn));
    this.#running++;
    try {
      const outcome = await decideOutcome(this.#database, id, LOOK_MS);
      if (outcome === "pruned") this.#left(id, new Error("its barrier row may have been pruned"));
      else this.#parts.settle(id, outcome);
    } catch (error) {
      this.#left(id, error);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  #left(id: string, cause: unknown): void {
    const detail =
      "What became of the transaction could not be looked up; a check-back will settle the message.";
    this.#parts.unsettled(new SurelayError("outcome_unknown", detail, { messageId: id, cause }), id);
  }
}
