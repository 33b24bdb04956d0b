import type { messagePage } from "../../../sdk/contract/messages.ts";
import type { z } from "zod";
import type { Queryable } from "../../db.ts";
import { MESSAGE_STATES, type MessageState } from "../../domain/message-state.ts";
import { SurelayError } from "../../errors.ts";
import { readCheckBacks } from "../../store/check-backs.ts";
import { listMessages as readPage } from "../../store/find-messages.ts";
import { readDeliveries } from "../../store/read-deliveries.ts";
import { findTopic } from "../../store/topics.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { MOST_CHECK_BACKS, rethrowUnavailable } from "./get-message.ts";
import { MOST_ATTEMPTS } from "./delivery-view.ts";
import { toMessageView } from "./message-view.ts";

/** The query as it came: parameters by name. */
export type ListQuery = Record<string, string | readonly string[] | undefined>;

const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;
/** Rows looked at for one page. A page that finds less than it wants before that ends early, with a cursor to go on. */
const SCAN_LIMIT = 20_000;
const PARAMETERS = ["businessKey", "topic", "state", "limit", "cursor"] as const;

/**
 * The app's own messages, newest first. A page may hold fewer than asked, even none, while `nextCursor` says that there
 * is more to look through.
 *
 * @throws SurelayError `validation_failed` | `unavailable`
 */
export async function listMessages(
  db: Queryable,
  appId: number,
  query: ListQuery,
): Promise<z.infer<typeof messagePage>> {
  const { businessKey, topic, state, limit, cursor } = readParameters(query);
  const states = readStates(state);
  const filter = JSON.stringify([appId, businessKey ?? null, topic ?? null, states]);
  const before = cursor === undefined ? undefined : readCursor(cursor, filter);
  const count = readLimit(limit);
  try {
    const topicId = topic === undefined ? undefined : (await findTopic(db, topic))?.id;
    if (topic !== undefined && topicId === undefined) return { items: [], nextCursor: null };
    const page = await readPage(db, {
      appId,
      topicId,
      businessKey,
      states,
      before,
      limit: count,
      scanLimit: SCAN_LIMIT,
    });
    const ids = page.rows.map((row) => row.id);
    const [checkBacks, deliveries] = await Promise.all([
      readCheckBacks(db, ids, MOST_CHECK_BACKS),
      readDeliveries(db, ids, MOST_ATTEMPTS),
    ]);
    return {
      items: page.rows.map((row) =>
        toMessageView(row, checkBacks.get(row.id) ?? [], deliveries.get(row.id) ?? []),
      ),
      nextCursor: page.nextBefore === null ? null : writeCursor(page.nextBefore, filter),
    };
  } catch (error) {
    return rethrowUnavailable(error);
  }
}

function readParameters(query: ListQuery): Partial<Record<(typeof PARAMETERS)[number], string>> {
  const values: Partial<Record<string, string>> = {};
  for (const [name, value] of Object.entries(query)) {
    if (!(PARAMETERS as readonly string[]).includes(name))
      throw refused(`There is no parameter ${JSON.stringify(name.slice(0, 100))}.`);
    if (typeof value !== "string") throw refused(`The parameter ${name} stands there twice.`);
    if (value === "") throw refused(`The parameter ${name} is empty.`);
    if (value.includes("\0")) throw refused(`The parameter ${name} holds the character U+0000.`);
    values[name] = value;
  }
  return values;
}

function readStates(text: string | undefined): MessageState[] {
  if (text === undefined) return [];
  return text.split(",").map((word) => {
    const state = MESSAGE_STATES.find((known) => known === word);
    if (!state) throw refused(`There is no state ${JSON.stringify(word.slice(0, 100))}.`);
    return state;
  });
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw refused(`limit is not a whole number from 1 to ${MAX_LIMIT}.`);
  return limit;
}

function refused(detail: string): SurelayError {
  return new SurelayError("validation_failed", detail);
}
