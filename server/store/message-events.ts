import type { Queryable } from "../db.ts";

export interface NewMessageEvent {
  messageId: string;
  /** One of server/domain/recorded-event.ts. */
  kind: string;
  /** A worker's kind, or an operator's user name. */
  actor: string;
  detail: Record<string, unknown>;
}

/** Notes what is out of the ordinary in a message's life; call it in the transaction of the change itself. */
export async function appendMessageEvent(db: Queryable, event: NewMessageEvent): Promise<void> {
  await db.query("INSERT INTO message_event (message_id, kind, actor, detail) VALUES ($1, $2, $3, $4)", [
    event.messageId,
    event.kind,
    event.actor,
    JSON.stringify(event.detail),
  ]);
}

export interface RecordedEvent {
  at: Date;
  kind: string;
  actor: string;
  detail: Record<string, unknown> | null;
}

/** What was recorded of a message, oldest first; of more than `limit` the newest. */
export async function readMessageEvents(db: Queryable, id: string, limit: number): Promise<RecordedEvent[]> {
  const { rows } = await db.query<RecordedEvent>({
    name: "read-message-events",
    text: "SELECT at, kind, actor, detail FROM message_event WHERE message_id = $1 ORDER BY n DESC LIMIT $2",
    values: [id, limit],
  });
  return rows.toReversed();
}
