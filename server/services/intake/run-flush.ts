import { isDatabaseTrouble, type Pool, type PoolClient, type Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { unknownOutcome } from "./coalescer.ts";

/** One try at a flush: results in the order of the items. It runs its statements on `db` and keeps nothing else. */
export type Attempt<Item, Result> = (
  db: Queryable,
  items: readonly Item[],
) => Promise<(Result | SurelayError)[]>;

export interface FlushOptions {
  /** For messages: "prepare". */
  name: string;
  pool: Pool;
  log: Log;
}

/** Victims of a deadlock or of serialisation were rolled back whole: the same statement simply runs again. */
const VICTIM_RETRIES = 5;

/**
 * Runs a flush on one connection. A flush is one statement, stored whole or not at all, so:
 * - no connection, or a refusal by a server that could not serve just now: nothing was stored, `unavailable`;
 * - the connection lost while a statement ran: it may have been committed, `unavailable` with the outcome unknown;
 * - a statement the server found wrong: one item must be guilty. The flush is cut in halves and tried again until that
 *   item stands alone, so that the others, of other callers, are stored.
 *
 * @throws SurelayError when all items share the failure
 */
export async function runFlush<Item, Result>(
  options: FlushOptions,
  items: readonly Item[],
  abandoned: AbortSignal,
  attempt: Attempt<Item, Result>,
): Promise<(Result | SurelayError)[]> {
  let client: PoolClient;
  try {
    client = await options.pool.connect();
  } catch (cause) {
    options.log.warn({ err: cause, flush: options.name }, "the store cannot be reached");
    throw new SurelayError("unavailable", "The store cannot be reached. Nothing was stored; try again.", {
      retryAfterSeconds: 1,
      cause,
    });
  }
  let released = false;
  const release = (broken?: Error) => {
    if (!released) client.release(broken);
    released = true;
  };
  // Giving the client back as broken destroys its socket, which ends the statement we no longer wait for.
  const giveUp = () => release(new Error("the flush took too long"));
  abandoned.addEventListener("abort", giveUp, { once: true });
  try {
    if (abandoned.aborted) throw new SurelayError("unavailable", "Nobody waits for the flush any longer.");
    const results = await runSplit(options, client, items, attempt);
    release();
    return results;
  } catch (error) {
    release(error as Error);
    throw error;
  } finally {
    abandoned.removeEventListener("abort", giveUp);
  }
}

async function runSplit<Item, Result>(
  options: FlushOptions,
  db: Queryable,
  items: readonly Item[],
  attempt: Attempt<Item, Result>,
): Promise<(Result | SurelayError)[]> {
  for (let victim = 0; ; victim++) {
    try {
      return await attempt(db, items);
    } catch (cause) {
      if (victim < VICTIM_RETRIES && isVictim(cause)) continue;
      if (isDatabaseTrouble(cause)) {
        options.log.warn({ err: cause, flush: options.name, items: items.length }, "a flush failed");
        throw wasRolledBack(cause)
          ? new SurelayError(
              "unavailable",
              "The store cannot serve just now. Nothing was stored; try again.",
              {
                retryAfterSeconds: 1,
                cause,
              },
            )
          : unknownOutcome(options.name, cause);
      }
      if (items.length === 1) return [blame(options, cause)];
      break;
    }
  }
  const middle = items.length >> 1;
  const first = await runSplit(options, db, items.slice(0, middle), attempt);
  return first.concat(await runSplit(options, db, items.slice(middle), attempt));
}

function isVictim(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "40001" || code === "40P01";
}

/** An ERROR that the server itself reported leaves the session alive and the statement undone. */
function wasRolledBack(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && /^(53|40|57014|57P03|25006|55P03)/.test(code);
}

function blame(options: FlushOptions, cause: unknown): SurelayError {
  const { code, message } = cause as { code?: string; message: string };
  options.log.error({ err: cause, flush: options.name }, "the store refused a message");
  if (code === "23514" && message.includes("no partition"))
    return new SurelayError(
      "unavailable",
      "The store has no partition for messages of that day yet. Nothing was stored; try again.",
      { retryAfterSeconds: 30, cause },
    );
  return new SurelayError("internal", "The store refused this message. Nothing was stored.", { cause });
}
