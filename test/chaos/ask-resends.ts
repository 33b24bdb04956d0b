import { setTimeout as sleep } from "node:timers/promises";
import type { Queryable } from "../../server/db.ts";
import { queueResend } from "../../server/store/resend.ts";
import type { Truth } from "./judge.ts";

/** Of how many messages sent last one is chosen: some are asked for again and again. */
const AMONG = 200;

/** Operators who ask for messages once more all the while, and write down what they were told. */
export async function askResends(options: {
  db: Queryable;
  perSecond: number;
  truth: Truth;
  signal: AbortSignal;
}): Promise<void> {
  const { db, truth, signal } = options;
  while (!signal.aborted) {
    await sleep(1000 / options.perSecond);
    const messageId = await chooseSent(db).catch(() => undefined); // the database may be the fault just now
    if (messageId === undefined) continue;
    try {
      const answer = await queueResend(db, { messageId, askedBy: "chaos", reason: null });
      if (answer.outcome !== "queued") continue;
      const attempts = truth.resends.get(messageId) ?? new Set();
      truth.resends.set(messageId, attempts.add(answer.attempt));
    } catch {
      truth.maybeResent.add(messageId);
    }
  }
}

async function chooseSent(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM (SELECT id FROM message_state WHERE state IN ('SENT', 'CONSUMED') ORDER BY id DESC LIMIT $1) AS late
     ORDER BY random() LIMIT 1`,
    [AMONG],
  );
  return rows[0]?.id;
}
