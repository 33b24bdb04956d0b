import { describe, expect, test } from "vitest";
import type { DeliveryState } from "../../server/domain/delivery-state.ts";
import type { SubscriptionDraft } from "../../server/domain/subscription.ts";
import { messageView } from "../../sdk/contract/messages.ts";
import { getMessage } from "../../server/services/messages/get-message.ts";
import { listMessages } from "../../server/services/messages/list-messages.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { discardRemoved } from "../../server/store/discard-removed.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { readDeliveryHistories } from "../../server/store/read-deliveries.ts";
import { readDeliveryBacklogs } from "../../server/store/read-delivery-flow.ts";
import { insertReady, type NewMessage } from "../../server/store/store-messages.ts";
import { pauseSubscription, removeSubscription } from "../../server/store/subscriptions.ts";
import { clearRemovedOnce } from "../../workers/sweep/clear-removed.ts";
import { silentLog } from "../../server/log.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { subscribe } from "../support/subscriptions.ts";

const db = useDatabase();
let topics = 0;

/** A topic of its own with these subscriptions, and READY messages on lane 0. */
async function given(subscriptions: Omit<SubscriptionDraft, "topic">[], messages: number) {
  const topic = `deliveries-${++topics}`;
  const owner = await declare(db.pool, { topic });
  const rows = [];
  for (const draft of subscriptions) rows.push(await subscribe(db.pool, { ...draft, topic }));
  const ready = await store(owner, messages);
  return { topic, owner, subscriptions: rows, messages: ready };
}

async function store(owner: Awaited<ReturnType<typeof declare>>, count: number): Promise<NewMessage[]> {
  const messages = Array.from({ length: count }, () => newMessage(owner, { lane: 0 }));
  await insertReady(db.hot, messages);
  return messages;
}

async function mark(messages: readonly NewMessage[], offset: bigint | null = 1n) {
  const lease = await acquireLane(db.pool, { lane: 0, owner: "test", ttlMs: 60_000 });
  const sent = messages.map(({ id }) => ({ id, partition: 0, offset }));
  return markSent(db.hot, { lane: 0, epoch: lease!.epoch, progressOffset: 1n, sent });
}

const ids = (messages: readonly NewMessage[]) => messages.map(({ id }) => id);

async function states(messages: readonly NewMessage[]) {
  const { rows } = await db.pool.query<{ state: string; open: number; byOffset: boolean }>(
    `SELECT state, open_deliveries AS open, by_offset AS "byOffset" FROM message_state WHERE id = ANY($1) ORDER BY id`,
    [ids(messages)],
  );
  return rows;
}

/** What an acknowledgement before the mark leaves behind, in the rows that it writes. */
async function answerEarly(messageId: string, subscriptionId: number, state: DeliveryState): Promise<void> {
  await db.pool.query(
    `WITH made AS (
       INSERT INTO delivery (message_id, subscription_id, state, due_at, reason)
       VALUES ($1, $2, $3::delivery_state, CASE WHEN $3::text = 'WAITING' THEN now() END,
               CASE WHEN $3::text = 'DEAD' THEN 'rejected' END)
     ), counted AS (
       INSERT INTO delivery_flow (minute, state, subscription_id, slot, entered)
       VALUES (date_bin('1 minute', now(), timestamptz 'epoch'), $3::delivery_state, $2, 99, 1)
       ON CONFLICT (minute, state, subscription_id, slot) DO UPDATE SET entered = delivery_flow.entered + 1
     )
     UPDATE message_state SET early_deliveries = early_deliveries || $2::int,
       open_deliveries = open_deliveries + CASE WHEN $3::text = 'ACKED' THEN 0 ELSE 1 END WHERE id = $1`,
    [messageId, subscriptionId, state],
  );
}

describe("the statement that marks messages sent", () => {
  test("makes one delivery for each tracked subscription of the topic, once", async () => {
    const made = await given(
      [
        { name: "shipping", ackTimeoutSeconds: 90 },
        { name: "billing", ack: "webhook", webhook: { url: "http://127.0.0.1:9/hook" } },
        { name: "audit", ack: "none" },
      ],
      3,
    );
    const stranger = await given([{ name: "shipping" }], 0);
    expect(await mark(made.messages)).toEqual({ leaseHeld: true, moved: 3 });
    await mark(made.messages, null); // a takeover finds the same marker again
    expect(await states(made.messages)).toEqual(Array(3).fill({ state: "SENT", open: 2, byOffset: false }));
    const found = await readDeliveryHistories(db.pool, ids(made.messages), 10);
    for (const { id } of made.messages) {
      const [billing, shipping] = found.get(id)!;
      expect([billing!.subscription, shipping!.subscription]).toEqual(["billing", "shipping"]);
      expect(shipping).toMatchObject({ state: "PENDING", attempt: 1, attempts: [] });
      expect(shipping!.dueAt!.getTime() - shipping!.createdAt.getTime()).toBe(90_000);
      // At once: never later than it was made, though both are whole milliseconds.
      expect([0, 1]).toContain(billing!.createdAt.getTime() - billing!.dueAt!.getTime());
    }
    const backlogs = await readDeliveryBacklogs(db.pool, null);
    const of = (id: number) => backlogs.filter((b) => b.subscriptionId === id);
    for (const { id, ack } of made.subscriptions)
      expect(of(id)).toEqual(ack === "none" ? [] : [expect.objectContaining({ state: "PENDING", count: 3 })]);
    expect(of(stranger.subscriptions[0]!.id)).toEqual([]);
  });

  test("makes none of messages of a topic without subscriptions, and these end SENT", async () => {
    const { messages } = await given([], 2);
    await mark(messages);
    expect(await states(messages)).toEqual(Array(2).fill({ state: "SENT", open: 0, byOffset: false }));
    expect(await readDeliveryHistories(db.pool, ids(messages), 10)).toEqual(new Map());
  });

  test("tells the channel of webhooks which of them are to be called", async () => {
    const client = await db.pool.connect();
    try {
      const heard: string[] = [];
      client.on("notification", ({ payload }) => heard.push(payload ?? ""));
      const explicit = await given([{ name: "quiet" }], 1);
      const webhook = await given(
        [{ name: "called", ack: "webhook", webhook: { url: "http://127.0.0.1:9/" } }],
        2,
      );
      await client.query("LISTEN surelay_notify");
      await mark(explicit.messages);
      await mark(webhook.messages);
      await client.query("SELECT 1");
      expect(heard).toEqual([String(webhook.subscriptions[0]!.id)]);
    } finally {
      client.release(true);
    }
  });

  test("leaves it to committed offsets where a subscription is acknowledged by them", async () => {
    const both = await given([{ name: "index", ack: "offset" }, { name: "shipping" }], 1);
    const offsetOnly = await given([{ name: "index", ack: "offset" }], 1);
    await answerEarly(both.messages[0]!.id, both.subscriptions[1]!.id, "ACKED");
    await mark([...both.messages, ...offsetOnly.messages]);
    expect(await states(both.messages)).toEqual([{ state: "SENT", open: 0, byOffset: true }]);
    expect(await states(offsetOnly.messages)).toEqual([{ state: "SENT", open: 0, byOffset: true }]);
    const waiting = await db.pool.query(
      `SELECT count(*)::int AS n FROM message_state WHERE state = 'SENT' AND by_offset AND open_deliveries = 0
       AND topic_id = ANY($1)`,
      [[both.owner.topicId, offsetOnly.owner.topicId]],
    );
    expect(waiting.rows).toEqual([{ n: 2 }]);
  });

  test("counts what a consumer answered before", async () => {
    const { messages, subscriptions } = await given([{ name: "fast" }, { name: "slow" }], 4);
    const [fast, slow] = subscriptions.map(({ id }) => id) as [number, number];
    await answerEarly(messages[0]!.id, fast, "ACKED");
    await answerEarly(messages[1]!.id, fast, "ACKED");
    await answerEarly(messages[1]!.id, slow, "ACKED");
    await answerEarly(messages[2]!.id, fast, "WAITING");
    await mark(messages);
    expect((await states(messages)).map(({ state, open }) => [state, open])).toEqual([
      ["SENT", 1],
      ["CONSUMED", 0],
      ["SENT", 2],
      ["SENT", 2],
    ]);
    const found = await readDeliveryHistories(db.pool, ids(messages), 10);
    expect(ids(messages).map((id) => found.get(id)!.map(({ state }) => state))).toEqual([
      ["ACKED", "PENDING"],
      ["ACKED", "ACKED"],
      ["WAITING", "PENDING"],
      ["PENDING", "PENDING"],
    ]);
  });

  test("waits for an answer that is just being written, and counts it", async () => {
    const { messages, subscriptions } = await given([{ name: "fast" }, { name: "slow" }], 1);
    const [message] = messages as [NewMessage];
    const answer = await db.pool.connect();
    try {
      await answer.query("BEGIN");
      await answer.query(
        "UPDATE message_state SET early_deliveries = early_deliveries || $2::int WHERE id = $1",
        [message.id, subscriptions[0]!.id],
      );
      const marking = mark(messages);
      await expect
        .poll(async () => (await db.pool.query("SELECT FROM pg_locks WHERE NOT granted")).rowCount)
        .toBeGreaterThan(0);
      await answer.query(
        "INSERT INTO delivery (message_id, subscription_id, state) VALUES ($1, $2, 'ACKED')",
        [message.id, subscriptions[0]!.id],
      );
      await answer.query("COMMIT");
      expect(await marking).toEqual({ leaseHeld: true, moved: 1 });
    } finally {
      answer.release();
    }
    expect(await states(messages)).toEqual([{ state: "SENT", open: 1, byOffset: false }]);
    const [fast, slow] = (await readDeliveryHistories(db.pool, [message.id], 1)).get(message.id)!;
    expect([fast!.state, slow!.state]).toEqual(["ACKED", "PENDING"]);
  });

  test("is as exact when a subscription that answered early was removed, or another declared, in between", async () => {
    const { topic, messages, subscriptions } = await given([{ name: "gone" }, { name: "stays" }], 3);
    const [gone, stays] = subscriptions.map(({ id }) => id) as [number, number];
    await answerEarly(messages[0]!.id, gone, "ACKED");
    await answerEarly(messages[1]!.id, gone, "DEAD");
    await answerEarly(messages[2]!.id, stays, "ACKED");
    await removeSubscription(db.pool, topic, "gone");
    const late = await subscribe(db.pool, { topic, name: "late" });
    await mark(messages);
    expect((await states(messages)).map(({ open }) => open)).toEqual([2, 3, 1]);
    const found = await readDeliveryHistories(db.pool, ids(messages), 1);
    expect(
      ids(messages).map((id) => Object.fromEntries(found.get(id)!.map((d) => [d.subscriptionId, d.state]))),
    ).toEqual([
      { [gone]: "ACKED", [stays]: "PENDING", [late.id]: "PENDING" },
      { [gone]: "DEAD", [stays]: "PENDING", [late.id]: "PENDING" },
      { [stays]: "ACKED", [late.id]: "PENDING" },
    ]);
  });

  test("makes deliveries of a paused subscription: only its redeliveries are held", async () => {
    const { topic, owner } = await given([{ name: "held" }], 0);
    await pauseSubscription(db.pool, topic, "held", { by: "ada", reason: "repairs" });
    const messages = await store(owner, 1);
    await mark(messages);
    expect((await states(messages)).map(({ open }) => open)).toEqual([1]);
  });
});

test("deliveries are shown to the message's producer, with what was out of the ordinary and no operator's name", async () => {
  const { messages, owner, subscriptions } = await given([{ name: "shipping" }], 1);
  const [{ id }] = messages as [NewMessage];
  await mark(messages);
  await db.pool.query(
    `INSERT INTO delivery_attempt (message_id, subscription_id, attempt, kind, by, error_type, error_message, retry_at,
                                   broker_partition, broker_offset, reason)
     VALUES ($1, $2, 1, 'retry', 'consumer', 'PaymentDeclined', 'over the limit', now(), NULL, NULL, NULL),
            ($1, $2, 2, 'redelivered', 'relay', NULL, NULL, NULL, 1, 77, NULL),
            ($1, $2, 2, 'redriven', 'mara', NULL, NULL, NULL, NULL, NULL, 'mended')`,
    [id, subscriptions[0]!.id],
  );
  const shown = messageView.parse(await getMessage(db.pool, owner.appId, id));
  expect(shown.deliveries).toMatchObject([
    {
      subscription: "shipping",
      ack: "explicit",
      state: "PENDING",
      attempts: [
        { kind: "retry", by: "consumer", error: { type: "PaymentDeclined", message: "over the limit" } },
        { kind: "redelivered", by: "relay", broker: { partition: 1, offset: "77" } },
        { kind: "redriven", by: "operator", reason: "mended" },
      ],
    },
  ]);
  const listed = await listMessages(db.pool, owner.appId, { topic: shown.topic });
  expect(listed.items.map(({ deliveries }) => deliveries)).toEqual([shown.deliveries]);
});

/** A redelivery stands in the queue, with its delivery waiting for it. */
async function queueRedelivery(messageId: string, subscriptionId: number): Promise<void> {
  await db.pool.query("UPDATE delivery SET due_at = NULL WHERE message_id = $1 AND subscription_id = $2", [
    messageId,
    subscriptionId,
  ]);
  await db.pool.query(
    `INSERT INTO resend (id, seq, message_id, app_id, topic_id, lane, attempt, kind, asked_by, subscription_id)
     SELECT gen_random_uuid(), nextval('message_ready_seq'), s.id, s.app_id, x.retry_topic_id, s.lane, 2, 'redelivery', 'recover', x.id
     FROM message_state s, subscription x WHERE s.id = $1 AND x.id = $2`,
    [messageId, subscriptionId],
  );
}

test("a mark is written however many webhooks it is due to, and tells them to look at all", async () => {
  const { topic, messages } = await given([], 1);
  // Ids as long as they come: 800 of them are more than a notification holds.
  await db.pool.query(
    `INSERT INTO subscription (id, topic_id, name, group_id, ack, webhook_url)
     SELECT 2000000000 + n, t.id, 'hook-' || n, 'hook-' || n, 'webhook', 'https://hooks.example/' || n FROM topic t, generate_series(1, 800) n WHERE t.name = $1`,
    [topic],
  );
  const listener = await db.pool.connect();
  const heard: string[] = [];
  try {
    listener.on("notification", ({ payload }) => heard.push(payload ?? ""));
    await listener.query("LISTEN surelay_notify");
    expect(await mark(messages)).toMatchObject({ moved: 1 });
    await listener.query("SELECT 1");
  } finally {
    listener.release(true);
  }
  expect(heard).toEqual([""]);
  expect(await states(messages)).toMatchObject([{ state: "SENT", open: 800 }]);
});

describe("a removed subscription", () => {
  test("has its open deliveries discarded in batches, and messages that wait for nobody else are CONSUMED", async () => {
    const { topic, messages, subscriptions } = await given([{ name: "gone" }, { name: "stays" }], 7);
    const [gone, stays] = subscriptions.map(({ id }) => id) as [number, number];
    await answerEarly(messages[0]!.id, stays, "ACKED");
    await answerEarly(messages[1]!.id, gone, "ACKED");
    await answerEarly(messages[2]!.id, gone, "DEAD");
    await answerEarly(messages[3]!.id, gone, "WAITING");
    await mark(messages);
    await queueRedelivery(messages[3]!.id, gone);
    await removeSubscription(db.pool, topic, "gone");
    expect(await discardRemoved(db.pool, gone, 4)).toBe(4);
    expect(await clearRemovedOnce({ pool: db.pool, log: silentLog })).toBe(false);
    expect(await discardRemoved(db.pool, gone, 4)).toBe(0);
    expect((await db.pool.query("SELECT FROM resend WHERE subscription_id = $1", [gone])).rowCount).toBe(0);
    const found = await readDeliveryHistories(db.pool, ids(messages), 5);
    const ours = ids(messages).map((id) => found.get(id)!.find((d) => d.subscriptionId === gone)!);
    expect(ours.map(({ state }) => state)).toEqual([
      "DISCARDED",
      "ACKED",
      ...Array<string>(5).fill("DISCARDED"),
    ]);
    expect(ours[0]).toMatchObject({
      reason: "subscription removed",
      subscriptionRemoved: true,
      attempts: [{ kind: "discarded", by: "sweep", reason: "subscription removed" }],
    });
    expect((await states(messages)).map(({ state, open }) => [state, open])).toEqual([
      ["CONSUMED", 0],
      ...Array<[string, number]>(6).fill(["SENT", 1]),
    ]);
  });

  test("is discarded beside a relay that has its redelivery in hand, waiting for nothing, and the next pass finishes", async () => {
    const { topic, messages, subscriptions } = await given([{ name: "held" }], 1);
    const held = subscriptions[0]!.id;
    const [message] = messages as [NewMessage];
    await answerEarly(message.id, held, "WAITING");
    await mark(messages);
    await queueRedelivery(message.id, held);
    await removeSubscription(db.pool, topic, "held");
    const [relay, sweep] = [await db.pool.connect(), await db.pool.connect()];
    try {
      // A relay that puts the row aside takes the locks that its mark takes, in their order, and leaves the row there.
      await relay.query("BEGIN");
      await relay.query("UPDATE resend SET held_at = now() WHERE subscription_id = $1", [held]);
      await sweep.query("SET lock_timeout = '5s'");
      expect(await discardRemoved(sweep, held, 4)).toBe(0);
      await relay.query("SELECT FROM delivery WHERE subscription_id = $1 FOR UPDATE", [held]);
      await relay.query("COMMIT");
      expect(await discardRemoved(sweep, held, 4)).toBe(1);
    } finally {
      relay.release(true);
      sweep.release(true);
    }
    expect((await db.pool.query("SELECT FROM resend WHERE subscription_id = $1", [held])).rowCount).toBe(0);
    expect(await states(messages)).toMatchObject([{ state: "CONSUMED", open: 0 }]);
  });

  test("leaves nothing in the queue, though its deliveries were answered before", async () => {
    const { topic, messages, subscriptions } = await given([{ name: "answered" }], 1);
    const { id } = subscriptions[0]!;
    const [message] = messages as [NewMessage];
    await answerEarly(message.id, id, "ACKED");
    await mark(messages);
    await queueRedelivery(message.id, id);
    await db.pool.query("UPDATE resend SET held_at = now() WHERE subscription_id = $1", [id]);
    await removeSubscription(db.pool, topic, "answered");
    await clearRemovedOnce({ pool: db.pool, log: silentLog });
    expect((await db.pool.query("SELECT FROM resend WHERE subscription_id = $1", [id])).rowCount).toBe(0);
  });

  test("has no deliveries of messages marked after its removal, and its name is free again", async () => {
    const { topic, owner } = await given([{ name: "again" }], 0);
    await removeSubscription(db.pool, topic, "again");
    const before = await store(owner, 1);
    await mark(before);
    const fresh = await subscribe(db.pool, { topic, name: "again" });
    const after = await store(owner, 1);
    await mark(after);
    expect((await states([...before, ...after])).map(({ open }) => open)).toEqual([0, 1]);
    const found = await readDeliveryHistories(db.pool, ids(after), 1);
    expect(found.get(after[0]!.id)!.map((d) => d.subscriptionId)).toEqual([fresh.id]);
  });
});

test("after all of this the counters say what is stored", async () => {
  expect(await compareFlow(db.pool)).toEqual([]);
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
  const { rows } = await db.pool.query(
    `SELECT s.id FROM message_state s LEFT JOIN delivery d ON d.message_id = s.id AND d.state NOT IN ('ACKED', 'DISCARDED')
     GROUP BY s.id, s.open_deliveries HAVING count(d.message_id) <> s.open_deliveries`,
  );
  expect(rows).toEqual([]);
});
