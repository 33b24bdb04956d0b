import { connect } from "node:net";
import { expect, test } from "vitest";
import { newMessageId } from "../../server/domain/message-id.ts";
import { problem } from "../../sdk/contract/messages.ts";
import { readCursor } from "../../server/services/messages/cursor.ts";
import type { Call, Reply } from "./api-client.ts";
import { useApi } from "./use-api.ts";

const api = useApi({
  SURELAY_MAX_PAYLOAD_BYTES: "1000",
  SURELAY_MAX_HEADERS: "3",
  SURELAY_MAX_HEADER_BYTES: "100",
});
const message = (more: Record<string, unknown> = {}) => ({
  topic: "orders.created",
  payload: { n: 1 },
  ...more,
});

function expectProblem(reply: Reply, status: number, code: string): void {
  expect([reply.status, reply.body?.code, reply.headers["content-type"]]).toEqual([
    status,
    code,
    "application/problem+json",
  ]);
  expect(reply.body.status).toBe(status);
  problem.parse(reply.body);
}

const refusedBodies: [what: string, body: unknown][] = [
  ["no object", 1],
  ["an unknown field", message({ extra: 1 })],
  ["no topic", { payload: 1 }],
  ["an undeclared topic", message({ topic: "nobody.declared" })],
  ["a topic that is no name", message({ topic: "a b\u0000" })],
  ["no payload", { topic: "orders.created" }],
  ["two payloads", message({ payloadBase64: "" })],
  ["bad base64", { topic: "orders.created", payloadBase64: "abc" }],
  ["base64 of the other alphabet", { topic: "orders.created", payloadBase64: "-_8=" }],
  ["an id that is no UUIDv7", message({ id: "2a0e8c1e-4b5f-4a63-9b52-5cf2f2a1f6a1" })],
  ["an id of long ago", message({ id: "01800000-0000-7000-8000-000000000000" })],
  ["an id of the future", message({ id: "0fffffff-ffff-7fff-8fff-ffffffffffff" })],
  ["an empty key", message({ key: "" })],
  ["a key that is too long", message({ key: "é".repeat(129) })],
  ["a business key that is too long", message({ businessKey: "x".repeat(257) })],
  ["a key with U+0000", message({ key: "a\u0000b" })],
  ["a key with half a surrogate pair", message({ key: "\ud800" })],
  ["a key that is no string", message({ key: 1 })],
  ["headers that are no object", message({ headers: [] })],
  ["a header that is no string", message({ headers: { a: 1 } })],
  ["a header with U+0000", message({ headers: { a: "\u0000" } })],
  ["too many headers", message({ headers: { a: "", b: "", c: "", d: "" } })],
  ["headers that are too large", message({ headers: { a: "x".repeat(100) } })],
  ["a header of CloudEvents", message({ headers: { CE_id: "1" } })],
  ["a header of the service", message({ headers: { "surelay-attempt": "1" } })],
  ["the content type as a header", message({ headers: { "Content-Type": "x" } })],
  ["the trace context as a header", message({ headers: { traceparent: "x" } })],
  ["a fraction of a second", message({ checkAfterSeconds: 1.5 })],
  ["no time at all", message({ checkAfterSeconds: 0 })],
  ["seconds as text", message({ checkAfterSeconds: "30" })],
  ["a time without zone", message({ deliverAt: "2030-01-01T00:00:00" })],
  ["a day that does not exist", message({ deliverAt: "2030-02-30T00:00:00Z" })],
  ["a content type with a line feed", message({ contentType: "a\nb" })],
];

test.each(refusedBodies)("prepare refuses %s", async (_what, body) => {
  expectProblem(await api.client.prepare(body), 400, "validation_failed");
});

test.each([
  ["no JSON", { raw: "{" }],
  ["something after the JSON", { raw: `${JSON.stringify(message())} x` }],
  ["a field that stands there twice", { raw: '{"topic":"orders.created","payload":1,"payload":2}' }],
  ["no body", { method: "POST" }],
  ["bytes that are not UTF-8", { raw: Buffer.from('{"topic":"orders.created","payload":"\xff"}', "latin1") }],
  ["another content type", { raw: "{}", headers: { "content-type": "text/plain" } }],
  ["another encoding", { raw: "{}", headers: { "content-encoding": "gzip" } }],
  ["another charset", { raw: "{}", headers: { "content-type": "application/json; charset=latin1" } }],
] as [string, Call][])("prepare refuses %s", async (_what, call) => {
  expectProblem(await api.client.prepare(undefined, call), 400, "validation_failed");
});

test.each([
  ["/v1/batches/prepare", { items: [] }],
  ["/v1/batches/prepare", { ids: [] }],
  ["/v1/batches/prepare", { items: {} }],
  ["/v1/batches/prepare", []],
  ["/v1/batches/prepare", { items: [message()], more: 1 }],
  ["/v1/batches/send", { items: Array.from({ length: 501 }, () => message()) }],
  ["/v1/batches/confirm", { ids: Array.from({ length: 501 }, newMessageId) }],
  ["/v1/batches/cancel", {}],
])("%s refuses the call as a whole", async (path, body) => {
  expectProblem(await api.client.call(path, { body }), 400, "validation_failed");
});

test("what is too large is answered 413, however it is too large", async () => {
  expectProblem(await api.client.prepare(message({ payload: "x".repeat(1000) })), 413, "payload_too_large");
  const exact = await api.client.prepare(message({ payload: "x".repeat(998) }));
  expect(exact.status).toBe(201);
  const base64 = Buffer.alloc(1001).toString("base64");
  expectProblem(
    await api.client.prepare({ topic: "orders.created", payloadBase64: base64 }),
    413,
    "payload_too_large",
  );
  expectProblem(await api.client.prepare(undefined, { raw: " ".repeat(200_000) }), 413, "payload_too_large");
  expectProblem(
    await api.client.call("/v1/batches/prepare", { raw: " ".repeat(17_000_000) }),
    413,
    "payload_too_large",
  );
  const mixed = await api.client.call("/v1/batches/send", {
    body: { items: [message(), message({ payload: "x".repeat(1000) })] },
  });
  expect(mixed.body.results.map((r: { error?: { code: string } }) => r.error?.code)).toEqual([
    undefined,
    "payload_too_large",
  ]);
});

test("an unknown message is answered 404, an id that is none 400", async () => {
  for (const call of ["get", "confirm", "cancel"] as const) {
    expectProblem(await api.client[call](newMessageId()), 404, "not_found");
    expectProblem(await api.client[call]("12"), 400, "validation_failed");
  }
  expectProblem(await api.client.confirm(newMessageId(), { body: { a: 1 } }), 400, "validation_failed");
  expectProblem(await api.client.confirm(newMessageId(), { raw: " { } " }), 404, "not_found");
});

test("keys: missing, malformed, unknown, of the wrong scope", async () => {
  const consumer = await api.makeKey({ scopes: ["consume"] });
  const wrong = `${api.client.key.slice(0, -4)}AAAA`;
  for (const path of ["/v1/messages", `/v1/messages/${newMessageId()}`]) {
    for (const key of [
      null,
      "x",
      "slk_abcdefghijklmnop_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      wrong,
    ]) {
      const reply = await api.client.call(path, { key });
      expectProblem(reply, 401, "unauthorized");
      expect(reply.headers["www-authenticate"]).toBe("Bearer");
    }
    expectProblem(await api.client.call(path, { key: consumer.key }), 403, "forbidden");
  }
  expectProblem(await api.client.prepare(message(), { key: null }), 401, "unauthorized");
  expectProblem(await api.client.prepare(message(), { key: wrong }), 401, "unauthorized");
  expectProblem(await api.client.prepare(message(), { key: consumer.key }), 403, "forbidden");
});

test("calls that do not exist, and methods that are not offered", async () => {
  for (const path of ["/", "/v1", "/v1/nothing", "/v1/messages/a/b/c", "/v1/messages/x/confirm/y", "/%zz"]) {
    const reply = await api.client.call(path);
    expect([404, 400]).toContain(reply.status);
    problem.parse(reply.body);
  }
  const wrong = await api.client.call("/v1/messages/prepare/", { method: "POST", raw: "x" });
  expectProblem(wrong, 404, "not_found");
  const put = await api.client.call(`/v1/messages/${newMessageId()}`, { method: "PUT", raw: "{}" });
  expectProblem(put, 405, "method_not_allowed");
  expect(put.headers.allow).toBe("GET");
  const got = await api.client.call(`/v1/messages/${newMessageId()}/confirm`);
  expectProblem(got, 405, "method_not_allowed");
  expect(got.headers.allow).toBe("POST");
});

test("lists: parameters that are not valid", async () => {
  for (const query of [
    "x=1",
    "limit=0",
    "limit=201",
    "limit=a",
    "state=LOST",
    "topic=a&topic=b",
    "topic=",
    "topic=%00",
    "cursor=abc",
  ])
    expectProblem(await api.client.call(`/v1/messages?${query}`), 400, "validation_failed");
  expect((await api.client.call("/v1/messages?topic=nobody")).body).toEqual({ items: [], nextCursor: null });
});

test("a cursor that was changed, or belongs to another query, is refused", async () => {
  const items = Array.from({ length: 5 }, (_, n) => message({ payload: n, businessKey: "paged" }));
  await api.client.call("/v1/batches/send", { body: { items } });
  const first = await api.client.call("/v1/messages?businessKey=paged&limit=2");
  const cursor = first.body.nextCursor as string;
  expect(first.body.items).toHaveLength(2);
  const seen = [...first.body.items];
  for (let next: string | null = cursor; next !== null; ) {
    const page: Reply = await api.client.call(`/v1/messages?businessKey=paged&limit=2&cursor=${next}`);
    seen.push(...page.body.items);
    next = page.body.nextCursor;
  }
  const ids = seen.map((m) => m.id as string);
  expect(ids).toHaveLength(5);
  expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? 1 : -1)));

  for (let i = 0; i < cursor.length; i++) {
    const changed = cursor.slice(0, i) + (cursor[i] === "A" ? "B" : "A") + cursor.slice(i + 1);
    expect(() => readCursor(changed, "q")).toThrow("cursor");
  }
  expectProblem(
    await api.client.call(`/v1/messages?businessKey=other&cursor=${cursor}`),
    400,
    "validation_failed",
  );
});

test("what is not HTTP is answered as a problem too", async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(api.port, "127.0.0.1", () => socket.write("NONSENSE\r\n\r\n"));
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => resolve(Buffer.concat(chunks).toString()));
    socket.on("error", reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  problem.parse(JSON.parse(answer.split("\r\n\r\n")[1]!));
});

test("an id outside the window still finds the message it names", async () => {
  const id = "01800000-0000-7000-8000-0000000000aa";
  const day = "SELECT surelay_make_partitions($1::date, $1::date + 1)";
  await api.database.pool.query(day, ["2022-04-06"]);
  const { rows } = await api.database.pool.query<{ id: string }>(
    "SELECT surelay_uuid_floor('2022-04-06'::timestamptz) AS id",
  );
  const old = `${rows[0]!.id.slice(0, 14)}7000-8000-0000000000aa`;
  expect(old.slice(0, 8) <= id.slice(0, 8)).toBe(true);
  const { id: fresh } = (await api.client.prepare(message({ key: "old" }))).body;
  await api.database.pool.query("UPDATE message SET id = $2 WHERE id = $1", [fresh, old]);
  await api.database.pool.query("UPDATE message_state SET id = $2 WHERE id = $1", [fresh, old]);
  const again = await api.client.prepare(message({ id: old, key: "old" }));
  expect([again.status, again.body]).toEqual([200, { id: old, state: "PREPARED" }]);
  expectProblem(await api.client.prepare(message({ id: old, key: "other" })), 409, "id_conflict");
});
