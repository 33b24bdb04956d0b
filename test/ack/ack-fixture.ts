import type { SubscriptionDraft } from "../../server/domain/subscription.ts";
import { ackFlush } from "../../server/services/acks/ack-flush.ts";
import { isRefused, parseAckRecord, type ParsedAck } from "../../server/services/acks/parse-acks.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { insertReady, type NewMessage } from "../../server/store/store-messages.ts";
import type { SubscriptionRow } from "../../server/store/subscriptions.ts";
import type { TestDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { subscribe } from "../support/subscriptions.ts";

let topics = 0;

export interface Given {
  topic: string;
  owner: { appId: number; topicId: number; topic: string };
  subscriptions: SubscriptionRow[];
  messages: NewMessage[];
}

/** A topic of its own with these subscriptions, and READY messages on lane 0. */
export async function given(
  db: TestDatabase,
  subscriptions: Omit<SubscriptionDraft, "topic">[],
  messages: number,
): Promise<Given> {
  const topic = `acked-${++topics}`;
  const owner = await declare(db.pool, { topic });
  const rows = [];
  for (const draft of subscriptions) rows.push(await subscribe(db.pool, { ...draft, topic }));
  return { topic, owner, subscriptions: rows, messages: await store(db, owner, messages) };
}

export async function store(db: TestDatabase, owner: Given["owner"], count: number): Promise<NewMessage[]> {
  const messages = Array.from({ length: count }, () => newMessage(owner, { lane: 0 }));
  if (count > 0) await insertReady(db.hot, messages);
  return messages;
}

/** Marks messages SENT at offsets from `offset` on; null: nobody knows them. */
export async function mark(
  db: TestDatabase,
  messages: readonly { id: string }[],
  offset: bigint | null = 0n,
): Promise<void> {
  const lease = await acquireLane(db.pool, { lane: 0, owner: "test", ttlMs: 60_000 });
  const sent = messages.map(({ id }, i) => ({
    id,
    partition: 0,
    offset: offset === null ? null : offset + BigInt(i),
  }));
  await markSent(db.hot, { lane: 0, epoch: lease!.epoch, progressOffset: 1n, sent });
}

/** An item as its record would say it. */
export function item(messageId: string, subscription: string, more: object = {}): ParsedAck {
  const parsed = parseAckRecord(
    Buffer.from(JSON.stringify({ messageId, subscription, outcome: "acked", ...more })),
  );
  if (isRefused(parsed)) throw parsed.error;
  return parsed;
}

/** What stands after each item: `STATE attempt[ stale]`, or an error's code. */
export async function say(
  db: TestDatabase,
  items: readonly ParsedAck[],
  appId: number | null = null,
): Promise<string[]> {
  const answers = await ackFlush(
    db.hot,
    items.map((one) => ({ ...one, appId })),
  );
  return answers.map((answer) =>
    "code" in answer ? answer.code : `${answer.state} ${answer.attempt}${answer.stale ? " stale" : ""}`,
  );
}

export interface Stands {
  message: string;
  open: number;
  deliveries: string[];
}

/** Where a message and its deliveries stand: `name STATE attempt`. */
export async function stands(db: TestDatabase, id: string): Promise<Stands> {
  const { rows } = await db.pool.query<{ state: string; open: number; deliveries: string[] | null }>(
    `SELECT s.state, s.open_deliveries AS open, (
       SELECT array_agg(concat_ws(' ', x.name, d.state, d.attempt) ORDER BY x.name) FROM delivery d
       JOIN subscription x ON x.id = d.subscription_id WHERE d.message_id = s.id) AS deliveries
     FROM message_state s WHERE s.id = $1`,
    [id],
  );
  return { message: rows[0]!.state, open: rows[0]!.open, deliveries: rows[0]!.deliveries ?? [] };
}

/** Attempts of a delivery that were noted, oldest first: `kind attempt[ error type]`. */
export async function noted(db: TestDatabase, id: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ said: string }>(
    `SELECT concat_ws(' ', kind, attempt, error_type) AS said FROM delivery_attempt WHERE message_id = $1 ORDER BY n`,
    [id],
  );
  return rows.map(({ said }) => said);
}
