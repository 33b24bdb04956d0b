import type { Queryable } from "../../db.ts";
import type { MessageState } from "../../domain/message-state.ts";
import { type MessageRow, listMessages } from "../../store/find-messages.ts";
import { type MessageScope, resolveScope } from "./resolve-scope.ts";

/** Most messages one request looks at before it answers with what it found so far; the store's time limit comes first. */
const SCAN_LIMIT = 200_000;

export interface ListMessages extends MessageScope {
  states: MessageState[];
  /** Only those that wait because their topic is not available or paused. */
  held: boolean;
  businessKey: string | null;
  key: string | null;
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
  | "lane"
  | "key"
  | "businessKey"
  | "type"
  | "payloadBytes"
  | "state"
  | "storedAt"
  | "sentAt"
  | "checkAt"
  | "deliverAt"
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

/** A page of messages of every app, newest first. An app or a topic that does not exist has no messages. */
export async function listMessagesForOperator(db: Queryable, input: ListMessages): Promise<MessageListPage> {
  const scope = await resolveScope(db, input);
  if (scope === null) return { items: [], nextBefore: null, scanned: null };
  const page = await listMessages(db, {
    ...scope,
    states: input.states,
    held: input.held,
    businessKey: input.businessKey ?? undefined,
    key: input.key ?? undefined,
    before: input.before ?? undefined,
    limit: input.limit,
    scanLimit: SCAN_LIMIT,
  });
  return {
    items: page.rows.map(toListItem),
    nextBefore: page.nextBefore,
    scanned: page.complete ? null : page.scanned,
  };
}

export function toListItem(row: MessageRow): MessageListItem {
  return {
    id: row.id,
    appId: row.appId,
    app: row.app,
    topic: row.topic,
    lane: row.lane,
    key: row.key,
    businessKey: row.businessKey,
    type: row.type,
    payloadBytes: row.payloadBytes,
    state: row.state,
    storedAt: row.storedAt,
    sentAt: row.sentAt,
    checkAt: row.checkAt,
    deliverAt: row.deliverAt,
    heldAt: row.heldAt,
    reason: row.reason,
  };
}
