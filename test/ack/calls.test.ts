import { beforeAll, describe, expect, test } from "vitest";
import { useApi } from "../api/use-api.ts";
import { subscriptionView } from "../../sdk/contract/subscriptions.ts";
import { completeSubscription } from "../../server/domain/subscription.ts";
import { pauseSubscription } from "../../server/store/subscriptions.ts";
import { given, type Given, mark } from "./ack-fixture.ts";

const api = useApi();
let key: string;
let made: Given;

beforeAll(async () => {
  key = (await api.makeKey({ scopes: ["consume"] })).key;
  made = await given(api.database, [{ name: "shipping", app: "orders" }, { name: "billing" }], 30);
  await mark(api.database, made.messages);
});

const ack = (items: unknown, more: { key?: string } = {}) =>
  api.client.call("/v1/acks", { body: { items }, key, ...more });
const list = (query: string, more: { key?: string } = {}) =>
  api.client.call(`/v1/deliveries?${query}`, { key, ...more });

describe("POST /v1/acks", () => {
  test("answers each item in its place, the good beside the bad", async () => {
    const id = made.messages[0]!.id;
    const reply = await ack([
      { messageId: id.toUpperCase(), subscription: "shipping", outcome: "acked" },
      { messageId: id, subscription: "shipping", outcome: "acked" },
      { messageId: id, subscription: "billing", outcome: "retry", attempt: 1, error: { type: "E" } },
      { messageId: id, subscription: "nobody", outcome: "acked" },
      { messageId: "no id", subscription: "shipping", outcome: "acked" },
      { messageId: id, subscription: "billing", outcome: "acked", colour: "red" },
      { messageId: "01936f2a-7c4e-7b1a-9c3d-2f6e8a1b4c5d", subscription: "shipping", outcome: "acked" },
      7,
    ]);
    expect(reply.status).toBe(200);
    expect(reply.body.results).toMatchObject([
      { messageId: id, subscription: "shipping", state: "ACKED", attempt: 1 },
      { messageId: id, subscription: "shipping", state: "ACKED", attempt: 1 },
      { messageId: id, subscription: "billing", state: "WAITING", attempt: 1 },
      { messageId: id, subscription: "nobody", error: { code: "unknown_subscription", status: 404 } },
      {
        messageId: "no id",
        error: { code: "validation_failed", detail: expect.stringContaining("messageId") },
      },
      { messageId: id, error: { code: "validation_failed", detail: expect.stringContaining("colour") } },
      { error: { code: "not_found", status: 404 } },
      { error: { code: "validation_failed" } },
    ]);
  });

  test("refuses what is no such call", async () => {
    for (const body of [
      [],
      {},
      { items: {} },
      { items: [] },
      { items: Array(501).fill({}) },
      { items: [1], x: 1 },
    ])
      expect((await api.client.call("/v1/acks", { body, key })).body.code).toBe("validation_failed");
    expect((await api.client.call("/v1/acks", { raw: "{", key })).body.code).toBe("validation_failed");
    expect((await api.client.call("/v1/acks", { method: "GET", key })).status).toBe(405);
  });

  test("takes keys with the scope consume alone, of the subscription's app", async () => {
    const items = [{ messageId: made.messages[1]!.id, subscription: "shipping", outcome: "acked" }];
    expect((await ack(items, { key: api.client.key })).body).toMatchObject({
      code: "forbidden",
      status: 403,
    });
    await api.database.pool.query("INSERT INTO app (name) VALUES ('others') ON CONFLICT DO NOTHING");
    const other = await api.makeKey({ app: "others", scopes: ["consume"] });
    const refused = await ack(items, { key: other.key });
    expect(refused.body.results).toMatchObject([{ error: { code: "forbidden", status: 403 } }]);
    // A subscription of no app is anybody's.
    const open = [{ ...items[0], subscription: "billing" }];
    expect((await ack(open, { key: other.key })).body.results).toMatchObject([{ state: "ACKED" }]);
  });

  test("keeps an error whatever stands in it", async () => {
    const { id } = made.messages[2]!;
    const error = { type: "E\0", message: "\0\ud800" + "x".repeat(9000), stack: "s".repeat(40_000) };
    const reply = await ack([{ messageId: id, subscription: "billing", outcome: "rejected", error }]);
    expect(reply.body.results).toMatchObject([{ state: "DEAD" }]);
    const { rows } = await api.database.pool.query(
      "SELECT error_type AS type, length(error_message) AS message, length(error_stack) AS stack FROM delivery_attempt WHERE message_id = $1",
      [id],
    );
    expect(rows).toEqual([{ type: "E\ufffd", message: 4000, stack: 16_000 }]);
  });
});

describe("GET /v1/subscriptions/{topic}/{name}", () => {
  const read = (topic: string, name: string, more: { key?: string } = {}) =>
    api.client.call(`/v1/subscriptions/${topic}/${name}`, { key, ...more });

  test("tells a consumer how its subscription is delivered", async () => {
    const declared = completeSubscription({ topic: made.topic, name: "shipping" });
    const { ratePerSecond: _rate, maxInFlight: _inFlight, ...retry } = declared.retry;
    const reply = await read(made.topic, "shipping");
    expect(reply.status).toBe(200);
    expect(subscriptionView.strict().parse(reply.body)).toEqual({
      topic: made.topic,
      name: "shipping",
      ack: "explicit",
      groupId: "shipping",
      ordered: false,
      ackTimeoutSeconds: 30,
      retry,
      retryTopic: `${made.topic}.shipping.retry`,
      deadLetterTopic: null,
      paused: false,
    });
    const by = { by: "mara", reason: "the carrier is away" };
    await pauseSubscription(api.database.pool, made.topic, "shipping", by);
    expect((await read(made.topic, "shipping")).body.paused).toBe(true);
    await pauseSubscription(api.database.pool, made.topic, "shipping", null);
  });

  test("is for keys with the scope consume, of the subscription's app or where it is nobody's", async () => {
    const other = await api.makeKey({ app: "others", scopes: ["consume"] });
    const statusOf = async (name: string, key?: string) =>
      (await read(made.topic, name, key === undefined ? {} : { key })).status;
    expect(await statusOf("shipping", api.client.key)).toBe(403);
    expect(await statusOf("shipping", other.key)).toBe(404);
    expect(await statusOf("billing", other.key)).toBe(200);
    expect(await statusOf("shipping", "slk_none")).toBe(401);
  });

  test("knows no others", async () => {
    for (const [topic, name] of [
      [made.topic, "nobody"],
      ["orders.none", "shipping"],
      [made.topic, "%00"],
      ["t".repeat(249), "s"],
    ] as const)
      expect((await read(topic, name)).body).toMatchObject({ status: 404, code: "not_found" });
    expect(
      (await api.client.call(`/v1/subscriptions/${made.topic}/shipping`, { method: "DELETE", key })).status,
    ).toBe(405);
  });
});

describe("GET /v1/deliveries", () => {
  test("pages through the subscription's deliveries, newest first, each once", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await list(`subscription=billing&limit=7${cursor ? `&cursor=${cursor}` : ""}`);
      expect(page.status).toBe(200);
      seen.push(...page.body.items.map((one: { messageId: string }) => one.messageId));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(
      made.messages
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
  });

  test("by state, with the last error, and with the payload when asked", async () => {
    const dead = await list("subscription=billing&state=DEAD&payload=true");
    expect(dead.body.items).toMatchObject([
      {
        messageId: made.messages[2]!.id,
        state: "DEAD",
        subscription: "billing",
        topic: made.topic,
        reason: expect.any(String),
        error: { type: "E\ufffd" },
        payloadBase64: Buffer.from("{}").toString("base64"),
      },
    ]);
    const open = await list("subscription=billing&state=PENDING,WAITING&limit=200");
    expect(open.body.items).toHaveLength(28);
    expect(open.body.items[0].payloadBase64).toBeUndefined();
    expect((await list(`subscription=billing&topic=${made.topic}&state=ACKED`)).body.items).toHaveLength(1);
    expect((await list("subscription=billing&topic=orders.created")).body.items).toEqual([]);
  });

  test("hands out what an operator made of a message's content, as the broker and webhooks have it", async () => {
    const [first, second] = made.messages.map(({ id }) => id).toSorted();
    const bytes = 9 * 1024 * 1024;
    await api.database.pool.query(
      `INSERT INTO message_version (message_id, version, edited_by, reason, content_type, headers, payload)
       SELECT $1::uuid, 2, 'ada', 'x', 'text/plain', '{"region":"eu"}'::json, 'wrong'::bytea
       UNION ALL SELECT id, 3, 'ada', 'x', 'text/plain', '{"region":"eu"}'::json, convert_to(repeat('x', $3), 'UTF8')
       FROM unnest($2::uuid[]) AS id`,
      [first, [first, second], bytes],
    );
    const query = `subscription=billing&topic=${made.topic}&payload=true`;
    let page = await list(query);
    // One of nine MB is all that a page holds.
    expect(page.body.items.at(-1)).toMatchObject({
      messageId: second,
      contentType: "text/plain",
      headers: { region: "eu" },
    });
    expect(Buffer.from(page.body.items.at(-1).payloadBase64, "base64")).toHaveLength(bytes);
    page = await list(`${query}&cursor=${page.body.nextCursor}`);
    expect(page.body.items.map((one: { messageId: string }) => one.messageId)).toEqual([first]);
    await api.database.pool.query("DELETE FROM message_version WHERE message_id = ANY($1::uuid[])", [
      [first, second],
    ]);
  });

  test("shows an app its own subscriptions and those of nobody", async () => {
    const other = await api.makeKey({ app: "others", scopes: ["consume"] });
    expect((await list("subscription=shipping", { key: other.key })).body.items).toEqual([]);
    expect((await list("subscription=billing", { key: other.key })).body.items).toHaveLength(30);
    expect((await list("subscription=billing", { key: api.client.key })).status).toBe(403);
  });

  test("refuses parameters it does not know, and cursors of another query", async () => {
    for (const query of [
      "",
      "subscription=a&x=1",
      "subscription=a&state=LOST",
      "subscription=a&payload=maybe",
    ])
      expect((await list(query)).body.code).toBe("validation_failed");
    const { body } = await list("subscription=billing&limit=1");
    expect((await list(`subscription=shipping&limit=1&cursor=${body.nextCursor}`)).body.code).toBe(
      "validation_failed",
    );
  });
});
