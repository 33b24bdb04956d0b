import type { messagePage } from "../../../sdk/contract/messages.ts";
import type { z } from "zod";
import type { Queryable } from "../../db.ts";
import { MESSAGE_STATES, type MessageState } from "../../domain/message-state.ts";
import { readCheckBacks } from "../../store/check-backs.ts";
import { listMessages as readPage } from "../../store/find-messages.ts";
import { readDeliveryHistories } from "../../store/read-deliveries.ts";
import { findTopic } from "../../store/topics.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { MOST_CHECK_BACKS, rethrowUnavailable } from "./get-message.ts";
import { MOST_ATTEMPTS } from "./delivery-view.ts";
import { type ListQuery, MAX_LIMIT, readLimit, readParameters, readWords } from "./list-query.ts";
import { toMessageView } from "./message-view.ts";

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
  const { businessKey, topic, state, limit, cursor } = readParameters(query, PARAMETERS);
  const states = readWords<MessageState>(state, MESSAGE_STATES);
  const filter = JSON.stringify([appId, businessKey ?? null, topic ?? null, states]);
  const before = cursor === undefined ? undefined : readCursor(cursor, filter);
  const count = readLimit(limit, MAX_LIMIT);
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
      readDeliveryHistories(db, ids, MOST_ATTEMPTS),
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
