import { afterAll, describe, expect, test } from "vitest";
import { newMessageId } from "../../server/domain/message-id.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { insertPrepared, type NewMessage } from "../../server/store/store-messages.ts";
import { useDatabase } from "../support/database.ts";
import { newMessage } from "../support/messages.ts";
import { subscribe } from "../support/subscriptions.ts";
import { given, item, mark, noted, say, stands, store } from "./ack-fixture.ts";

const db = useDatabase();
const error = {
  type: "CarrierUnavailable",
  message: "carrier 17 answered 503",
  stack: "at ship (ship.ts:3)",
};

afterAll(async () => {
  // Whatever the tests have done, the counters say what stands.
  expect(await compareFlow(db.pool)).toEqual([]);
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
});

describe("acked", () => {
  test("settles the delivery, and the message with its last one", async () => {
    const { messages } = await given(db, [{ name: "a" }, { name: "b" }], 2);
    await mark(db, messages);
    const [one, two] = messages as unknown as [NewMessage, NewMessage];
    expect(await say(db, [item(one.id, "a"), item(two.id, "a")])).toEqual(["ACKED 1", "ACKED 1"]);
    expect(await stands(db, one.id)).toEqual({
      message: "SENT",
      open: 1,
      deliveries: ["a ACKED 1", "b PENDING 1"],
    });
    expect(await say(db, [item(one.id, "b")])).toEqual(["ACKED 1"]);
    expect(await stands(db, one.id)).toMatchObject({ message: "CONSUMED", open: 0 });
    expect(await stands(db, two.id)).toMatchObject({ message: "SENT", open: 1 });
    expect(await noted(db, one.id)).toEqual([]);
  });

  test("of both subscriptions in one flush is one transition of the message", async () => {
    const { messages } = await given(db, [{ name: "a" }, { name: "b" }], 1);
    await mark(db, messages);
    const { id } = messages[0]!;
    expect(await say(db, [item(id, "b"), item(id, "a")])).toEqual(["ACKED 1", "ACKED 1"]);
    expect(await stands(db, id)).toMatchObject({ message: "CONSUMED", open: 0 });
  });

  test("twice is fine", async () => {
    const { messages } = await given(db, [{ name: "a" }], 1);
    await mark(db, messages);
    const { id } = messages[0]!;
    for (let i = 0; i < 2; i++) expect(await say(db, [item(id, "a")])).toEqual(["ACKED 1"]);
    expect(await stands(db, id)).toEqual({ message: "CONSUMED", open: 0, deliveries: ["a ACKED 1"] });
  });

  test("before the message is marked SENT counts, and the mark ends it", async () => {
    const { messages } = await given(db, [{ name: "a" }, { name: "b" }], 2);
    const [both, one] = messages as unknown as [NewMessage, NewMessage];
    expect(await say(db, [item(both.id, "a"), item(both.id, "b"), item(one.id, "a")])).toEqual(
      Array(3).fill("ACKED 1"),
    );
    expect(await stands(db, both.id)).toMatchObject({ message: "READY" });
    await mark(db, messages);
    expect(await stands(db, both.id)).toEqual({
      message: "CONSUMED",
      open: 0,
      deliveries: ["a ACKED 1", "b ACKED 1"],
    });
    expect(await stands(db, one.id)).toEqual({
      message: "SENT",
      open: 1,
      deliveries: ["a ACKED 1", "b PENDING 1"],
    });
  });

  test("of what was sent before the subscription was declared makes its delivery", async () => {
    const { messages, topic, owner } = await given(db, [], 3);
    await mark(db, messages);
    await subscribe(db.pool, { topic, name: "late" });
    const [done, failed, never] = messages.map(({ id }) => id) as [string, string, string];
    expect(
      await say(db, [
        item(done, "late"),
        item(failed, "late", { outcome: "retry", error }),
        item(never, "late", { outcome: "rejected", error }),
      ]),
    ).toEqual(["ACKED 1", "WAITING 1", "DEAD 1"]);
    expect(await stands(db, done)).toMatchObject({ message: "CONSUMED", open: 0 });
    expect(await stands(db, failed)).toMatchObject({ message: "SENT", open: 1 });
    expect(await stands(db, never)).toMatchObject({ message: "SENT", open: 1 });
    expect(await say(db, [item(failed, "late"), item(never, "late")])).toEqual(["ACKED 1", "ACKED 1"]);
    expect(await stands(db, failed)).toMatchObject({ message: "CONSUMED", open: 0 });
    expect(owner.topic).toBe(topic);
  });

  test("of a dead delivery comes late, and counts", async () => {
    const { messages } = await given(db, [{ name: "a" }], 1);
    await mark(db, messages);
    const { id } = messages[0]!;
    expect(await say(db, [item(id, "a", { outcome: "rejected", error })])).toEqual(["DEAD 1"]);
    expect(await stands(db, id)).toMatchObject({ message: "SENT", open: 1 });
    expect(await say(db, [item(id, "a")])).toEqual(["ACKED 1"]);
    expect(await stands(db, id)).toMatchObject({ message: "CONSUMED", open: 0 });
    expect(await noted(db, id)).toEqual(["rejected 1 CarrierUnavailable", "acked_late 1"]);
  });

  test("waits for committed offsets where these count, too", async () => {
    const { messages } = await given(db, [{ name: "a" }, { name: "o", ack: "offset" }], 1);
    await mark(db, messages);
    const { id } = messages[0]!;
    expect(await say(db, [item(id, "a")])).toEqual(["ACKED 1"]);
    expect(await stands(db, id)).toMatchObject({ message: "SENT", open: 0 });
  });
});

describe("retry", () => {
  test("waits for the next attempt, by the schedule or as long as the consumer says", async () => {
    const { messages } = await given(db, [{ name: "a", retry: { firstDelaySeconds: 5, jitter: 0 } }], 3);
    await mark(db, messages);
    const [plain, later, sooner] = messages.map(({ id }) => id) as [string, string, string];
    expect(
      await say(db, [
        item(plain, "a", { outcome: "retry", error }),
        item(later, "a", { outcome: "retry", retryAfterSeconds: 90 }),
        item(sooner, "a", { outcome: "retry", retryAfterSeconds: 1 }),
      ]),
    ).toEqual(Array(3).fill("WAITING 1"));
    const { rows } = await db.pool.query<{ id: string; wait: number; group: string | null }>(
      `SELECT message_id AS id, extract(epoch FROM due_at - moved_at)::float8 AS wait, failure_group_id AS group
       FROM delivery WHERE message_id = ANY($1) ORDER BY message_id`,
      [[plain, later, sooner]],
    );
    expect(rows.map(({ id, wait }) => [id, wait])).toEqual(
      [[plain, 5] as const, [later, 90] as const, [sooner, 5] as const].toSorted((a, b) =>
        a[0] < b[0] ? -1 : 1,
      ),
    );
    expect(rows.every(({ group }) => group !== null)).toBe(true);
    expect(await stands(db, plain)).toMatchObject({ message: "SENT", open: 1 });
  });

  test("of an attempt that has failed already says nothing new", async () => {
    const { messages } = await given(db, [{ name: "a" }], 1);
    await mark(db, messages);
    const { id } = messages[0]!;
    for (let i = 0; i < 3; i++)
      expect(await say(db, [item(id, "a", { outcome: "retry", error })])).toEqual(["WAITING 1"]);
    expect(await noted(db, id)).toEqual(["retry 1 CarrierUnavailable"]);
  });

  test("of the last attempt is the end, and leaves a dead letter where there is a topic for it", async () => {
    const { messages, subscriptions } = await given(
      db,
      [{ name: "a", retry: { maxAttempts: 1 }, deadLetterTopic: true }],
      1,
    );
    await mark(db, messages);
    const { id } = messages[0]!;
    expect(await say(db, [item(id, "a", { outcome: "retry", error })])).toEqual(["DEAD 1"]);
    expect(await say(db, [item(id, "a", { outcome: "retry", error })])).toEqual(["DEAD 1"]);
    expect(await noted(db, id)).toEqual(["retry 1 CarrierUnavailable", "dead 1"]);
    const { rows } = await db.pool.query(
      "SELECT kind, topic_id, headers->>'surelay-error-type' AS type FROM resend WHERE message_id = $1",
      [id],
    );
    expect(rows).toEqual([
      { kind: "dead_letter", topic_id: subscriptions[0]!.deadLetterTopicId, type: "CarrierUnavailable" },
    ]);
  });

  test("of an older attempt than the delivery's is stale, and counts an answer to a redelivery that is not marked yet", async () => {
    const { messages } = await given(db, [{ name: "a" }], 2);
    await mark(db, messages);
    const [one, two] = messages.map(({ id }) => id) as [string, string];
    await db.pool.query("UPDATE delivery SET attempt = 3 WHERE message_id = $1", [one]);
    for (const outcome of ["retry", "rejected"])
      expect(await say(db, [item(one, "a", { outcome, attempt: 2 })])).toEqual(["PENDING 3 stale"]);
    expect(await noted(db, one)).toEqual([]);
    expect(await say(db, [item(one, "a", { attempt: 2 })])).toEqual(["ACKED 3"]);

    expect(await say(db, [item(two, "a", { outcome: "retry", attempt: 1 })])).toEqual(["WAITING 1"]);
    await db.pool.query("UPDATE delivery SET due_at = NULL WHERE message_id = $1", [two]); // queued
    expect(await say(db, [item(two, "a", { outcome: "retry", attempt: 1 })])).toEqual(["WAITING 1"]);
    expect(await say(db, [item(two, "a", { outcome: "retry", attempt: 9 })])).toEqual(["WAITING 2"]);
    expect(await noted(db, two)).toEqual(["retry 1 Error", "retry 2 Error"]);
  });

  test("failures of one cause are one group", async () => {
    const { messages, subscriptions } = await given(db, [{ name: "a" }], 3);
    await mark(db, messages);
    const said = messages.map(({ id }, n) =>
      item(id, "a", {
        outcome: "retry",
        error: { type: "Timeout", message: `order ${n} took ${n * 100} ms` },
      }),
    );
    await say(db, said);
    const { rows } = await db.pool.query(
      "SELECT error_type, pattern, failures::int FROM failure_group WHERE subscription_id = $1",
      [subscriptions[0]!.id],
    );
    expect(rows).toEqual([
      { error_type: "Timeout", pattern: "order <number> took <number> ms", failures: 3 },
    ]);
  });
});

describe("what changes nothing", () => {
  test("retry and rejected of what is settled are answered with the state as it is", async () => {
    const { messages } = await given(db, [{ name: "a" }, { name: "b" }], 1);
    await mark(db, messages);
    const { id } = messages[0]!;
    await say(db, [item(id, "a")]);
    await db.pool.query(
      `UPDATE delivery d SET state = 'DISCARDED', reason = 'test', due_at = NULL FROM subscription x
       WHERE x.id = d.subscription_id AND x.name = 'b' AND d.message_id = $1`,
      [id],
    );
    for (const outcome of ["retry", "rejected"])
      expect(await say(db, [item(id, "a", { outcome, error }), item(id, "b", { outcome, error })])).toEqual([
        "ACKED 1",
        "DISCARDED 1",
      ]);
    expect(await say(db, [item(id, "b")])).toEqual(["DISCARDED 1"]);
    expect(await noted(db, id)).toEqual([]);
    // Put back, so that the counters agree at the end.
    await db.pool.query(
      "UPDATE delivery SET state = 'PENDING', reason = NULL, due_at = now() WHERE message_id = $1 AND state = 'DISCARDED'",
      [id],
    );
  });

  test("unknown messages, unknown subscriptions, other modes, other apps, and what was never sent", async () => {
    const { messages, owner } = await given(
      db,
      [
        { name: "a" },
        { name: "mine", app: "orders" },
        { name: "w", ack: "webhook", webhook: { url: "http://127.0.0.1:9/" } },
        { name: "o", ack: "offset" },
      ],
      1,
    );
    await mark(db, messages);
    const { id } = messages[0]!;
    const prepared = newMessage(owner);
    await insertPrepared(db.hot, [prepared]);
    const stranger = owner.appId + 1_000;
    const items = [
      item(newMessageId(), "a"),
      item(id, "nobody"),
      item(id, "w"),
      item(id, "o"),
      item(id, "mine"),
      item(prepared.id, "a"),
    ];
    expect(await say(db, items, stranger)).toEqual([
      "not_found",
      "unknown_subscription",
      "wrong_ack_mode",
      "wrong_ack_mode",
      "forbidden",
      "not_delivered",
    ]);
    expect(await say(db, [item(id, "mine")], owner.appId)).toEqual(["ACKED 1"]);
    // The topic of acks names no app: whoever may write to it speaks for all.
    const [other] = await store(db, owner, 1);
    await mark(db, [other!]);
    expect(await say(db, [item(other!.id, "mine")], null)).toEqual(["ACKED 1"]);
  });
});
