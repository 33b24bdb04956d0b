import { within } from "../../server/deadline.ts";
import type { Queryable } from "../../server/db.ts";
import { readResends } from "../../server/store/due-resends.ts";
import { readReady, type ReadyMessage } from "../../server/store/ready-messages.ts";
import { queueIdOf } from "./send-batch.ts";

const STATEMENT_MS = 20_000;
/** How long a resend may wait whose notification was lost. */
const LOOK_MS = 1000;

export interface ReadLimits {
  /** Most messages. */
  batch: number;
  /** Payload bytes after which a read stops. */
  readBytes: number;
}

/**
 * Reads what a lane sends next: READY messages and resends, lowest sequence first.
 *
 * The queue of resends is empty nearly always, so it is looked at when there was something in it the last time, when a
 * notification says so, and otherwise once a second: a lane under load pays nothing for it.
 */
export class BatchReader {
  readonly #lane: number;
  readonly #hot: Queryable;
  #expected = true;
  #lookAt = 0;

  constructor(lane: number, hot: Queryable) {
    this.#lane = lane;
    this.#hot = hot;
  }

  /** There may be resends: look with the next read. */
  expectResends(): void {
    this.#expected = true;
  }

  /** @param unmarked what is committed and being marked: read once more, and left out */
  async read(limits: ReadLimits, unmarked?: ReadonlySet<string>): Promise<ReadyMessage[]> {
    const limit = limits.batch + (unmarked?.size ?? 0);
    const ready = await within(
      readReady(this.#hot, this.#lane, { limit, maxBytes: limits.readBytes }),
      STATEMENT_MS,
      "reading a lane",
    );
    const all = await this.#withResends(ready, limit, limits.readBytes);
    // Never "later than the last one": a message that became readable only now may be the older one of its key.
    const fresh = unmarked ? all.filter((m) => !unmarked.has(queueIdOf(m))) : all;
    return fresh.length > limits.batch ? fresh.slice(0, limits.batch) : fresh;
  }

  async #withResends(ready: ReadyMessage[], limit: number, maxBytes: number): Promise<ReadyMessage[]> {
    const expected = this.#expected;
    if (!expected && performance.now() < this.#lookAt) return ready;
    this.#expected = false; // before the read: a notification during it counts
    this.#lookAt = performance.now() + LOOK_MS;
    const upTo = isWholeBacklog(ready, limit, maxBytes) ? undefined : ready.at(-1)!.readySeq;
    const resends = await within(
      readResends(this.#hot, this.#lane, { limit, maxBytes, upTo }),
      STATEMENT_MS,
      "reading a lane's resends",
    );
    this.#expected ||= resends.length > 0 || (expected && upTo !== undefined);
    return resends.length > 0 ? mergeBySequence(ready, resends) : ready;
  }
}

/** Whether a read ended because there was no more; otherwise resends behind its last message wait for their turn. */
function isWholeBacklog(ready: readonly ReadyMessage[], limit: number, maxBytes: number): boolean {
  return ready.length < limit && ready.reduce((sum, m) => sum + m.payload.length, 0) < maxBytes;
}

/** Two lists in order of sequence as one. */
export function mergeBySequence(a: readonly ReadyMessage[], b: readonly ReadyMessage[]): ReadyMessage[] {
  const merged: ReadyMessage[] = [];
  let i = 0;
  for (const message of b) {
    while (i < a.length && a[i]!.readySeq < message.readySeq) merged.push(a[i++]!);
    merged.push(message);
  }
  return merged.concat(a.slice(i));
}
