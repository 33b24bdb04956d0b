import type { Database } from "../database/database.ts";
import type { Inbox } from "./inbox.ts";
import type { ReceivedMessage } from "./message.ts";

/** What a handler is told besides. */
export interface HandlerContext {
  /**
   * Aborted when the work is in vain (another process has the partition now, and finds this transaction if it commits) or
   * when the process has to end: stop early if you can.
   */
  signal: AbortSignal;
}

/**
 * Handles one message in the transaction `tx`, which commits when it returns and rolls back when it throws. A message is
 * handled again after a throw, and never again after a commit.
 */
export type Handler<Tx, Payload = unknown> = (
  message: ReceivedMessage<Payload>,
  tx: Tx,
  context: HandlerContext,
) => unknown;

export type HandlerResult =
  /** Committed; or a transaction before this one had committed already. */
  | { kind: "done"; again: boolean }
  /** The handler threw, and nothing of it stands. */
  | { kind: "failed"; error: unknown }
  /** The database could not begin, or COMMIT failed: it stands or not. Asked anew, `claim` says which. */
  | { kind: "database"; error: unknown; committing: boolean };

/** Runs the handler once, in one transaction with the inbox row. Never throws. */
export async function runHandler<Tx>(
  { database, inbox }: { database: Database<Tx>; inbox: Inbox<Tx> },
  handler: Handler<Tx>,
  message: ReceivedMessage,
  context: HandlerContext,
): Promise<HandlerResult> {
  const key = { messageId: message.id, subscription: message.subscription };
  const at: { step: "entering" | "handling" | "committing"; again: boolean } = {
    step: "entering",
    again: false,
  };
  try {
    await database.transaction(async (tx) => {
      at.step = "entering"; // some libraries run this again after a serialization failure
      at.again = !(await inbox.claim(tx, key, message.attempt));
      if (at.again) return;
      at.step = "handling";
      await handler(message, tx, context);
      await inbox.requireClaim(tx, key);
      at.step = "committing";
    });
    return { kind: "done", again: at.again };
  } catch (error) {
    return at.step === "handling"
      ? { kind: "failed", error }
      : { kind: "database", error, committing: at.step === "committing" };
  }
}

/**
 * Deadlocks and serialization failures of PostgreSQL, MySQL and Prisma, and connections that were lost: whoever tries again
 * at once gets through, or finds that the database cannot begin.
 */
const CONFLICTS = ["40001", "40P01", "ER_LOCK_DEADLOCK", "P2034", 1213];
const SERVER_GONE = ["57P01", "57P02", "57P03", "08000", "08003", "08006", "P1001", "P1002", "P1017"];
const CONNECTION_GONE = ["ECONNRESET", "EPIPE", "PROTOCOL_CONNECTION_LOST"];
const PASSING = new Set<unknown>([...CONFLICTS, ...SERVER_GONE, ...CONNECTION_GONE]);
/** What `pg` says of a lost connection has no code. */
const LOST = /^Connection terminated/;

/** Whether it is to be repeated at once. Libraries wrap the database's error: the causes count. */
export function isPassing(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code, errno, driverError } = at as { code?: unknown; errno?: unknown; driverError?: unknown };
    if (PASSING.has(code) || PASSING.has(errno) || LOST.test(at.message)) return true;
    if (driverError instanceof Error && driverError !== at && isPassing(driverError)) return true;
  }
  return false;
}
