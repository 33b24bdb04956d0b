import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { context, trace } from "@opentelemetry/api";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { newMessageId, Producer, type SurelayError, withTraceparent } from "../../sdk/producer/index.ts";
import { ApiClient } from "../api/api-client.ts";
import { useApi } from "../api/use-api.ts";

const api = useApi({ SURELAY_MAX_BATCH: "50", SURELAY_MAX_PAYLOAD_BYTES: "2000" });
const topic = "orders.created";

/** What a fault does to a request instead of letting it through; null: through. */
type Fault = (
  path: string,
) => "drop" | "lose answer" | "stall" | { status: number; body: string; headers?: object } | null;

/** The API behind a server that loses what it is told to lose, and counts calls. */
const gate = {
  url: "",
  calls: [] as string[],
  fault: (() => null) as Fault,
  server: undefined as Server | undefined,
};
let producer: Producer;

beforeAll(async () => {
  const client = new ApiClient(api.port, "");
  gate.server = createServer((request, response) => {
    const path = request.url!;
    gate.calls.push(path);
    const fault = gate.fault(path);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (fault === "drop") return void request.socket.destroy();
      if (fault === "stall") return;
      if (fault !== null && fault !== "lose answer")
        return void response.writeHead(fault.status, { ...fault.headers }).end(fault.body);
      const { authorization } = request.headers;
      void client
        .call(path, { key: null, raw: Buffer.concat(chunks), headers: { authorization: authorization! } })
        .then((reply) => {
          if (fault === "lose answer") request.socket.destroy();
          else response.writeHead(reply.status, reply.headers).end(reply.text);
        });
    });
  });
  await new Promise<void>((listening) => gate.server!.listen(0, "127.0.0.1", listening));
  gate.url = `http://127.0.0.1:${(gate.server.address() as AddressInfo).port}`;
  producer = new Producer({ url: gate.url, key: () => api.client.key });
});
afterEach(() => {
  gate.fault = () => null;
  gate.calls = [];
});
afterAll(async () => {
  await producer.close();
  gate.server!.closeAllConnections();
  gate.server!.close();
});

/** Faults for the first `count` calls. */
const times =
  (count: number, fault: ReturnType<Fault>): Fault =>
  () =>
    count-- > 0 ? fault : null;
const states = async (ids: string[]) =>
  await Promise.all(ids.map(async (id) => (await api.client.get(id)).body.state as string));

test("prepare, confirm, cancel and send, each repeatable", async () => {
  const [a, b, c] = [newMessageId(), newMessageId(), newMessageId()];
  expect(await producer.prepare({ id: a, topic, key: "k", businessKey: "A-1", payload: { n: 1 } })).toEqual({
    id: a,
    state: "PREPARED",
  });
  expect(await producer.prepare({ id: a, topic, key: "k", businessKey: "A-1", payload: { n: 1 } })).toEqual({
    id: a,
    state: "PREPARED",
  });
  expect((await producer.confirm(a)).state).toBe("READY");
  expect((await producer.confirm(a)).state).toBe("READY");
  await producer.prepare({ id: b, topic, bytes: Buffer.from([0, 1, 2]), headers: { source: "test" } });
  expect((await producer.cancel(b)).state).toBe("CANCELLED");
  const deliverAt = new Date(Date.now() + 3_600_000);
  expect((await producer.send({ id: c, topic, payload: null, deliverAt })).state).toBe("SCHEDULED");
  expect((await producer.send({ topic, payload: "no id given" })).id).toMatch(/-7/);
  expect((await api.client.get(a)).body).toMatchObject({ key: "k", businessKey: "A-1", state: "READY" });
  expect((await api.client.get(b)).body).toMatchObject({
    contentType: "application/octet-stream",
    headers: { source: "test" },
  });
});

test("errors carry the contract's codes, and name the message", async () => {
  const id = newMessageId();
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => "none",
      (error: SurelayError) => error,
    );
  await producer.prepare({ id, topic, payload: 1 });
  expect(await codeOf(producer.prepare({ id, topic, payload: 2 }))).toMatchObject({
    code: "id_conflict",
    messageId: id,
    status: 409,
    retryable: false,
  });
  await producer.cancel(id);
  expect(await codeOf(producer.confirm(id))).toMatchObject({ code: "already_cancelled", messageId: id });
  expect(await codeOf(producer.confirm(newMessageId()))).toMatchObject({ code: "not_found" });
  expect(await codeOf(producer.send({ topic: "nobody.knows", payload: 1 }))).toMatchObject({
    code: "validation_failed",
  });
  expect(await codeOf(producer.send({ topic, payload: "x".repeat(3000) }))).toMatchObject({
    code: "payload_too_large",
  });
  expect(await codeOf(producer.confirm("order 7"))).toMatchObject({ code: "validation_failed" });
  expect(await codeOf(producer.send({ topic, payload: { n: 1n } }))).toMatchObject({
    code: "validation_failed",
  });
  expect(await codeOf(producer.send({ topic } as never))).toMatchObject({ code: "validation_failed" });
  const stranger = new Producer({ url: gate.url, key: "sk_wrong" });
  expect(await codeOf(stranger.send({ topic, payload: 1 }))).toMatchObject({
    code: "unauthorized",
    status: 401,
  });
  await stranger.close();
});

test("calls that come up together travel together, and each is answered for itself", async () => {
  // The service takes 50 at a time and refuses the whole call otherwise: the batch is halved until it fits.
  const messages = Array.from({ length: 120 }, (_, n) => ({
    id: newMessageId(),
    topic: n === 7 ? "nobody.knows" : topic,
    payload: { n },
  }));
  const entries = await producer.prepareAll(messages);
  expect(entries.map((entry) => entry.id)).toEqual(messages.map((message) => message.id));
  expect(entries.filter((entry) => "error" in entry)).toMatchObject([
    { id: messages[7]!.id, error: { code: "validation_failed" } },
  ]);
  expect(gate.calls.length).toBeLessThan(10);
  const good = messages.filter((_, n) => n !== 7).map((message) => message.id);
  gate.calls = [];
  await producer.confirmAll(good);
  expect(gate.calls.length).toBeLessThan(10);
  expect(new Set(await states(good))).toEqual(new Set(["READY"]));
});

test("confirms leave in the order of the calls, one call at a time, whatever has to be repeated", async () => {
  const ids = Array.from({ length: 60 }, () => newMessageId());
  await producer.prepareAll(ids.map((id) => ({ id, topic, key: "one", payload: 1 })));
  gate.fault = (path) => (path.endsWith("confirm") && gate.calls.length % 3 === 1 ? "lose answer" : null);
  gate.calls = [];
  const confirms: Promise<unknown>[] = [];
  for (const [i, id] of ids.entries()) {
    confirms.push(producer.confirm(id));
    if (i % 10 === 9) await Promise.race([confirms[i], new Promise(setImmediate)]);
  }
  await Promise.all(confirms);
  const { rows } = await api.database.pool.query<{ id: string }>(
    "SELECT id FROM message_state WHERE id = ANY($1) ORDER BY ready_seq",
    [ids],
  );
  expect(rows.map((row) => row.id)).toEqual(ids);
});

test.each([
  ["a lost connection", "drop"],
  ["a lost answer", "lose answer"],
  ["503", { status: 503, body: '{"code":"unavailable","detail":"away"}', headers: { "retry-after": "0" } }],
  ["a proxy's own page", { status: 502, body: "<html>bad gateway</html>" }],
] as const)("%s is tried again, and the message is stored once", async (_, fault) => {
  gate.fault = times(2, fault);
  const id = newMessageId();
  expect(await producer.send({ id, topic, payload: 1 })).toEqual({ id, state: "READY" });
  expect(gate.calls.length).toBe(3);
});

test("an answer that does not come is waited for as long as was said", async () => {
  const impatient = new Producer({
    url: gate.url,
    key: api.client.key,
    timeoutMs: 2000,
    attemptTimeoutMs: 700,
  });
  gate.fault = times(1, "stall");
  expect((await impatient.send({ topic, payload: 1 })).state).toBe("READY");
  gate.fault = () => "stall";
  const began = performance.now();
  const id = newMessageId();
  await expect(impatient.send({ id, topic, payload: 1 })).rejects.toMatchObject({
    code: "unreachable",
    retryable: true,
    messageId: id,
  });
  expect(performance.now() - began).toBeGreaterThan(1900);
  expect(performance.now() - began).toBeLessThan(10_000);
  await impatient.close();
});

test("429 is waited out as long as the service asks", async () => {
  gate.fault = times(1, {
    status: 429,
    body: '{"code":"rate_limited","detail":"slower"}',
    headers: { "retry-after": "1" },
  });
  const began = performance.now();
  await producer.send({ topic, payload: 1 });
  expect(performance.now() - began).toBeGreaterThan(950);
});

test("what is no answer of Surelay's is told apart", async () => {
  const short = new Producer({ url: gate.url, key: api.client.key, timeoutMs: 2000 });
  gate.fault = () => ({ status: 200, body: "hello" });
  await expect(short.send({ topic, payload: 1 })).rejects.toMatchObject({ code: "bad_answer" });
  gate.fault = () => ({ status: 404, body: "<html>nothing here</html>" });
  await expect(short.send({ topic, payload: 1 })).rejects.toMatchObject({
    code: "bad_answer",
    retryable: false,
  });
  await short.close();
});

test("close answers what was asked for; afterwards nothing is taken", async () => {
  const own = new Producer({ url: gate.url, key: api.client.key });
  const sent = own.send({ topic, payload: 1 });
  await own.close();
  expect((await sent).state).toBe("READY");
  await expect(own.send({ topic, payload: 1 })).rejects.toMatchObject({ code: "closed" });
  const stuck = new Producer({ url: "http://127.0.0.1:9", key: "k", maxQueued: 1 });
  const first = stuck.send({ topic, payload: 1 });
  await expect(stuck.send({ topic, payload: 1 })).rejects.toMatchObject({ code: "queue_full" });
  const refused = expect(first).rejects.toMatchObject({ code: "closed" });
  await stuck.close(50);
  await refused;
});

test("messages carry the trace they came up in, each its own", async () => {
  const given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const tracing = new NodeTracerProvider();
  tracing.register();
  const span = tracing.getTracer("test").startSpan("place order");
  const { traceId, spanId } = span.spanContext();
  const [own, active, none] = await Promise.all([
    withTraceparent(given, () => producer.send({ topic, payload: 1 })),
    context.with(trace.setSpan(context.active(), span), () => producer.send({ topic, payload: 2 })),
    withTraceparent("nonsense", () => producer.send({ topic, payload: 3 })),
  ]);
  span.end();
  await tracing.shutdown();
  trace.disable();
  context.disable();
  const { rows } = await api.database.pool.query<{ id: string; traceparent: string | null }>(
    "SELECT id, traceparent FROM message WHERE id = ANY($1)",
    [[own.id, active.id, none.id]],
  );
  const stored = new Map(rows.map((row) => [row.id, row.traceparent]));
  expect(stored.get(own.id)).toBe(given);
  expect(stored.get(active.id)).toBe(`00-${traceId}-${spanId}-01`);
  expect(stored.get(none.id)).toBeNull();
  expect(gate.calls.length).toBe(1);
});
