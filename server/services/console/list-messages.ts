import type { Queryable } from "../../db.ts";
import type { MessageState } from "../../domain/message-state.ts";
import { type MessageRow, listMessages } from "../../store/find-messages.ts";
import { findTopic } from "../../store/topics.ts";

/** Most messages one request looks at before it answers with what it found so far. */
export const SCAN_LIMIT = 20_000;

export interface ListMessages {
  states: MessageState[];
  /** A topic's name; null: all. */
  topic: string | null;
  /** Only messages older than this id. */
  before: string | null;
  limit: number;
}

/** A row of the list: what it shows and no more. */
export type MessageListItem = Pick<
  MessageRow,
  | "id"
  | "appId"
  | "app"
  | "topic"
  | "key"
  | "businessKey"
  | "type"
  | "state"
  | "storedAt"
  | "heldAt"
  | "reason"
>;

export interface MessageListPage {
  items: MessageListItem[];
  /** Cursor of the next, older page; null: this is the last. */
  nextBefore: string | null;
  /** Set when the search stopped early: it looked at this many of the newest messages below the cursor. */
  scanned: number | null;
}

/** A page of messages of every app, newest first. A topic that does not exist has no messages. */
export async function listMessagesForOperator(db: Queryable, input: ListMessages): Promise<MessageListPage> {
  const topic = input.topic === null ? undefined : await findTopic(db, input.topic);
  if (topic === null) return { items: [], nextBefore: null, scanned: null };
  const page = await listMessages(db, {
    appId: null,
    topicId: topic?.id,
    states: input.states,
    before: input.before ?? undefined,
    limit: input.limit,
    scanLimit: SCAN_LIMIT,
  });
  return {
    items: page.rows.map(toListItem),
    nextBefore: page.nextBefore,
    scanned: page.complete ? null : SCAN_LIMIT,
  };
}

function toListItem(row: MessageRow): MessageListItem {
  const { id, appId, app, topic, key, businessKey, type, state, storedAt, heldAt, reason } = row;
  return { id, appId, app, topic, key, businessKey, type, state, storedAt, heldAt, reason };
}
