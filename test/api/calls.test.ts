import { expect, test } from "vitest";
import { newMessageId } from "../../server/domain/message-id.ts";
import { readPayload } from "../../server/store/find-messages.ts";
import { declare } from "../support/messages.ts";
import { ApiClient } from "./api-client.ts";
import { useApi } from "./use-api.ts";

const api = useApi();
const message = (more: Record<string, unknown> = {}) => ({
  topic: "orders.created",
  payload: { n: 1 },
  ...more,
});

test("prepare stores, confirm makes ready, and both may be repeated", async () => {
  const id = newMessageId();
  const first = await api.client.prepare(message({ id, key: "k", businessKey: "order-1" }));
  expect([first.status, first.body]).toEqual([201, { id, state: "PREPARED" }]);
  const again = await api.client.prepare(message({ id: id.toUpperCase(), key: "k", businessKey: "order-1" }));
  expect([again.status, again.body]).toEqual([200, { id, state: "PREPARED" }]);

  for (let i = 0; i < 2; i++) {
    const confirmed = await api.client.confirm(id);
    expect([confirmed.status, confirmed.body]).toEqual([200, { id, state: "READY" }]);
  }
  const refused = await api.client.cancel(id);
  expect([refused.status, refused.body.code, refused.body.messageId]).toEqual([409, "already_confirmed", id]);
  const late = await api.client.prepare(message({ id, key: "k", businessKey: "order-1" }));
  expect([late.status, late.body.state]).toEqual([200, "READY"]);
});

test("cancel stands against a later confirm", async () => {
  const { id } = (await api.client.prepare(message())).body;
  for (let i = 0; i < 2; i++) expect((await api.client.cancel(id)).body).toEqual({ id, state: "CANCELLED" });
  const refused = await api.client.confirm(id);
  expect([refused.status, refused.body.code]).toEqual([409, "already_cancelled"]);
});

test("send stores as ready, or as scheduled when it is to be delivered later", async () => {
  const now = await api.client.send(message());
  expect([now.status, now.body.state]).toEqual([201, "READY"]);
  const past = await api.client.send(message({ deliverAt: "2020-01-01T00:00:00Z" }));
  expect(past.body.state).toBe("READY");
  const later = await api.client.send(message({ deliverAt: "2090-01-01T00:00:00+02:00" }));
  expect([later.status, later.body.state]).toEqual([201, "SCHEDULED"]);
  expect((await api.client.get(later.body.id)).body.deliverAt).toBe("2089-12-31T22:00:00.000Z");
});

test("the same id with other content is a conflict, whatever differs", async () => {
  const id = newMessageId();
  const base = message({ id, key: "k", type: "t", businessKey: "b", headers: { x: "1", y: "2" } });
  expect((await api.client.prepare(base)).status).toBe(201);
  expect((await api.client.prepare({ ...base, headers: { y: "2", x: "1" } })).status).toBe(200);
  const others = [
    { key: "other" },
    { type: "other" },
    { businessKey: "other" },
    { payload: { n: 2 } },
    { headers: { x: "1" } },
    { headers: { x: "1", y: "3" } },
    { headers: undefined },
    { contentType: "text/plain" },
    { deliverAt: "2090-01-01T00:00:00Z" },
  ];
  for (const other of others) {
    const reply = await api.client.prepare({ ...base, ...other });
    expect([reply.status, reply.body.code, reply.body.messageId]).toEqual([409, "id_conflict", id]);
  }
});

test("send does not pass for the confirmation of a prepared message", async () => {
  const id = newMessageId();
  await api.client.prepare(message({ id }));
  const undecided = await api.client.send(message({ id }));
  expect([undecided.status, undecided.body.code]).toEqual([409, "id_conflict"]);
  await api.client.confirm(id);
  const decided = await api.client.send(message({ id }));
  expect([decided.status, decided.body.state]).toEqual([200, "READY"]);
});

test("a payload is kept byte for byte", async () => {
  const text = '{ "b":12345678901234567890.10, "2":1E+2,"1" : [null, "\\u0041é😀\\ud800"],"b":0 }';
  const raw = `{"payload": ${text} , "topic":"orders.created"}`;
  const { id } = (await api.client.prepare(undefined, { raw })).body;
  expect((await readPayload(api.database.pool, id, 1e6))!.toString()).toBe(text);

  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const escaped = JSON.stringify(bytes.toString("base64")).replaceAll("/", "\\/");
  const binary = await api.client.send(undefined, {
    raw: `{"topic":"orders.created","payloadBase64":${escaped}}`,
  });
  expect(binary.status).toBe(201);
  expect(await readPayload(api.database.pool, binary.body.id, 1e6)).toEqual(bytes);
  expect((await api.client.get(binary.body.id)).body.contentType).toBe("application/octet-stream");
});

test("a message is read back as it was given", async () => {
  const given = message({
    key: "ключ",
    type: "order.created",
    businessKey: 'o"1\\',
    headers: { "x-a": 'v"\\{}' },
  });
  const { id } = (await api.client.prepare({ ...given, checkAfterSeconds: 600 })).body;
  const { body, status } = await api.client.get(id);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id,
    state: "PREPARED",
    topic: "orders.created",
    key: "ключ",
    type: "order.created",
    businessKey: 'o"1\\',
    contentType: "application/json",
    headers: { "x-a": 'v"\\{}' },
    decidedAt: null,
    broker: null,
    held: false,
    checkBacks: [],
    deliveries: [],
  });
  expect(Date.parse(body.checkAt) - Date.parse(body.storedAt)).toBe(600_000);
});

test("a valid traceparent is kept, anything else is dropped", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const kept = await api.client.prepare(message(), { headers: { traceparent } });
  const dropped = await api.client.prepare(message(), { headers: { traceparent: "nonsense" } });
  const { rows } = await api.database.pool.query<{ id: string; traceparent: string | null }>(
    "SELECT id, traceparent FROM message WHERE id = ANY($1)",
    [[kept.body.id, dropped.body.id]],
  );
  const stored = new Map(rows.map((row) => [row.id, row.traceparent]));
  expect(stored.get(kept.body.id)).toBe(traceparent);
  expect(stored.get(dropped.body.id)).toBeNull();
});

test("a message of a batch brings its own traceparent; what is none is dropped", async () => {
  const own = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";
  const calls = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const items = [message({ traceparent: own }), message({ traceparent: "nonsense" }), message()];
  const answer = await api.client.call("/v1/batches/send", {
    body: { items },
    headers: { traceparent: calls },
  });
  const ids = (answer.body.results as { id: string }[]).map((result) => result.id);
  const { rows } = await api.database.pool.query<{ id: string; traceparent: string | null }>(
    "SELECT id, traceparent FROM message WHERE id = ANY($1)",
    [ids],
  );
  const stored = new Map(rows.map((row) => [row.id, row.traceparent]));
  expect(ids.map((id) => stored.get(id))).toEqual([own, calls, calls]);
});

test("batches answer each item alone, in the order asked", async () => {
  const [a, b] = [newMessageId(), newMessageId()];
  const prepared = await api.client.call("/v1/batches/prepare", {
    body: {
      items: [
        message({ id: a }),
        message({ topic: "nobody.declared" }),
        message({ id: a }),
        message({ id: a, payload: 2 }),
        7,
        message({ id: b, surplus: 1 }),
        message({ id: b }),
      ],
    },
  });
  expect(prepared.status).toBe(200);
  const outcome = (r: { state?: string; error?: { code: string } }) => r.state ?? r.error?.code;
  expect(prepared.body.results.map(outcome)).toEqual([
    "PREPARED",
    "validation_failed",
    "PREPARED",
    "id_conflict",
    "validation_failed",
    "validation_failed",
    "PREPARED",
  ]);
  expect(prepared.body.results[1].error.detail).toContain("surelay apply");
  expect(prepared.body.results[5]).toMatchObject({ id: b, error: { status: 400, messageId: b } });

  const unknown = newMessageId();
  const confirmed = await api.client.call("/v1/batches/confirm", { body: { ids: [a, unknown, "x", a, 5] } });
  expect(confirmed.body.results.map(outcome)).toEqual([
    "READY",
    "not_found",
    "validation_failed",
    "READY",
    "validation_failed",
  ]);
  const cancelled = await api.client.call("/v1/batches/cancel", { body: { ids: [b, a] } });
  expect(cancelled.body.results.map(outcome)).toEqual(["CANCELLED", "already_confirmed"]);
  const sent = await api.client.call("/v1/batches/send", { body: { items: [message(), message()] } });
  expect(sent.body.results.map(outcome)).toEqual(["READY", "READY"]);
});

test("messages of one call become ready in its order", async () => {
  const ids = Array.from({ length: 300 }, newMessageId);
  const items = ids.map((id) => message({ id, key: "one" }));
  await api.client.call("/v1/batches/prepare", { body: { items } });
  const asked = ids.toReversed();
  await api.client.call("/v1/batches/confirm", { body: { ids: asked } });
  const { rows } = await api.database.pool.query<{ id: string }>(
    "SELECT id FROM message_state WHERE id = ANY($1) ORDER BY ready_seq",
    [ids],
  );
  expect(rows.map((row) => row.id)).toEqual(asked);
});

test("an app sees and decides its own messages only", async () => {
  const { topic } = await declare(api.database.pool, { app: "billing" });
  const other = new ApiClient(api.port, (await api.makeKey({ app: "billing" })).key);
  const id = newMessageId();
  await api.client.prepare(message({ id, businessKey: "shared" }));
  expect((await other.get(id)).body.code).toBe("not_found");
  expect((await other.prepare({ id, topic, payload: { n: 1 }, businessKey: "shared" })).body.code).toBe(
    "id_conflict",
  );
  // In one flush with the owner's own call, which succeeds: the store answers both by the same id.
  for (let i = 0; i < 20; i++) {
    const { id: each } = (await api.client.prepare(message())).body;
    const [theirs, mine, third] = await Promise.all([
      other.confirm(each),
      api.client.confirm(each),
      other.cancel(each),
    ]);
    expect([theirs.status, mine.status, third.status]).toEqual([404, 200, 404]);
  }
  expect((await other.call("/v1/messages?businessKey=shared")).body.items).toEqual([]);
  expect((await api.client.call("/v1/messages?businessKey=shared")).body.items).toHaveLength(1);
  other.close();
});

test("confirm and cancel at the same moment have one winner, and both callers hear who", async () => {
  const rounds = Array.from({ length: 200 }, async () => {
    const { id } = (await api.client.prepare(message())).body;
    const [confirmed, cancelled] = await Promise.all([api.client.confirm(id), api.client.cancel(id)]);
    const { state } = (await api.client.get(id)).body;
    return [
      confirmed.body.state ?? confirmed.body.code,
      cancelled.body.state ?? cancelled.body.code,
      state,
    ].join();
  });
  for (const outcome of await Promise.all(rounds))
    expect(["READY,already_confirmed,READY", "already_cancelled,CANCELLED,CANCELLED"]).toContain(outcome);
});
