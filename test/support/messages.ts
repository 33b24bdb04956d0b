import type { Queryable } from "../../server/db.ts";
import { laneOf } from "../../server/domain/lane.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { upsertApp } from "../../server/store/apps.ts";
import type { NewMessage } from "../../server/store/store-messages.ts";
import { upsertTopic } from "../../server/store/topics.ts";

/** An app and a topic in the store (not in the broker). */
export async function declare(
  db: Queryable,
  names: { app?: string; topic?: string; partitions?: number } = {},
): Promise<{ appId: number; topicId: number; topic: string }> {
  const topic = names.topic ?? "orders.created";
  const app = await upsertApp(db, {
    name: names.app ?? "orders",
    checkUrl: null,
    checkAfterSeconds: null,
    contact: null,
  });
  const row = await upsertTopic(db, {
    name: topic,
    partitions: names.partitions ?? 3,
    schema: null,
    masked: false,
  });
  return { appId: app.id, topicId: row.id, topic };
}

/** A message as intake would hand it to the store. */
export function newMessage(
  of: { appId: number; topicId: number; topic?: string; lanes?: number },
  more: Partial<NewMessage> = {},
): NewMessage {
  const id = more.id ?? newMessageId();
  const key = more.key === undefined ? null : more.key;
  return {
    id,
    appId: of.appId,
    topicId: of.topicId,
    lane: laneOf(of.topic ?? "orders.created", key, id, of.lanes ?? 4),
    key,
    type: null,
    businessKey: null,
    contentType: "application/json",
    headers: null,
    traceparent: null,
    payload: Buffer.from("{}"),
    deliverAt: null,
    checkAfterSeconds: 30,
    ...more,
  };
}
