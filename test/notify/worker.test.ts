import type { ServerResponse } from "node:http";
import { createServer } from "node:net";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { verify } from "../../sdk/consumer/webhook.ts";
import { deriveSecret } from "../../server/auth/signing-secret.ts";
import { answers, type Endpoint, MASTER, useNotify } from "./notify-fixture.ts";

const fixture = useNotify();
const WAIT = { timeout: 20_000, interval: 20 };

test("delivers signed, as the contract says, and every message once", async () => {
  const endpoint = await fixture.endpoint("orders", answers(204));
  const ids = await fixture.send(endpoint, 40, {
    type: "order.placed",
    businessKey: "Bestellung ä 7",
    payload: Buffer.from('{"n": 1.10}'),
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    headers: JSON.stringify({
      "X-Tenant": "north",
      Host: "evil.example",
      "webhook-id": "forged",
      ü: "no name",
      note: "grün",
    }),
  });
  await fixture.start();
  await expect.poll(() => fixture.states(ids), WAIT).toEqual(["ACKED"]);
  expect(await fixture.messageStates(ids)).toEqual(["CONSUMED"]);
  expect(endpoint.calls.map((call) => call.messageId).toSorted()).toEqual(ids.toSorted());
  const secret = deriveSecret(MASTER, { topic: endpoint.topic, subscription: "hook" }, 1);
  const other = deriveSecret(MASTER, { topic: endpoint.topic, subscription: "other" }, 1);
  const standard = new Webhook(secret);
  for (const { headers, body, messageId } of endpoint.calls) {
    expect(body.toString()).toBe('{"n": 1.10}');
    expect(headers).toMatchObject({
      "ce-specversion": "1.0",
      "ce-id": messageId,
      "ce-source": "orders",
      "ce-type": "order.placed",
      "ce-subject": "Bestellung%20%C3%A4%207",
      "ce-time": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      "content-type": "application/json",
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "surelay-attempt": "1",
      "surelay-subscription": "hook",
      "x-tenant": "north",
      note: "gr%C3%BCn",
      "webhook-id": messageId,
      host: `127.0.0.1:${endpoint.port}`,
    });
    expect(standard.verify(body.toString(), headers as Record<string, string>)).toEqual({ n: 1.1 });
    expect(verify(headers, body, [other, secret])).toMatchObject({
      ok: true,
      delivery: {
        messageId,
        attempt: 1,
        subscription: "hook",
        subject: "Bestellung ä 7",
        type: "order.placed",
      },
    });
    expect(verify(headers, body, other)).toEqual({ ok: false, fault: "mismatch" });
  }
  // Far fewer connections than calls: they are kept.
  expect(new Set(endpoint.calls.map((call) => call.socketPort)).size).toBeLessThanOrEqual(8);
  expect(await fixture.attempts(ids)).toEqual([]);
  expect(await fixture.miscounts()).toEqual([]);
});

test("replicas call each delivery once per step of its ladder, then it is dead", async () => {
  const endpoint = await fixture.endpoint("ladder", answers(500, {}, '{"error":"out of stock: 17"}'), {
    retry: { ladderSeconds: [0, 0.05], jitter: 0 },
  });
  const ids = await fixture.send(endpoint, 60);
  await Promise.all(Array.from({ length: 4 }, () => fixture.start()));
  await expect.poll(() => fixture.states(ids), WAIT).toEqual(["DEAD"]);
  const seen = new Map<string, number[]>();
  for (const { messageId, attempt } of endpoint.calls)
    seen.set(messageId, [...(seen.get(messageId) ?? []), attempt]);
  expect([...seen.values()]).toEqual(ids.map(() => [1, 2, 3]));
  const kept = await fixture.attempts(ids.slice(0, 1));
  expect(kept.map(({ attempt, kind }) => [attempt, kind])).toEqual([
    [1, "failed"],
    [2, "failed"],
    [3, "failed"],
    [3, "dead"],
  ]);
  expect(kept[0]).toMatchObject({
    by: "notify",
    error_type: "http_500",
    error_message: "HTTP 500: out of stock: 17",
    status: 500,
    body: '{"error":"out of stock: 17"}',
    duration_ms: expect.any(Number) as number,
    retry_at: expect.any(Date) as Date,
  });
  expect(await fixture.delivery(ids[0]!)).toMatchObject({
    attempt: 3,
    reason: "called 3 times; the last call: HTTP 500: out of stock: 17",
  });
  const { rows } = await fixture.database.pool.query(
    "SELECT error_type, pattern, failures::int FROM failure_group WHERE subscription_id = $1",
    [endpoint.subscriptionId],
  );
  expect(rows).toEqual([
    { error_type: "http_500", pattern: "HTTP <number>: out of stock: <number>", failures: 180 },
  ]);
  expect(await fixture.messageStates(ids)).toEqual(["SENT"]);
  expect(await fixture.miscounts()).toEqual([]);
});

test("the next call comes when the ladder says, and Retry-After raises it", async () => {
  const inTwoMinutes = () => new Date(Date.now() + 120_000).toUTCString();
  const cases = [
    [answers(500), 30, 30],
    [answers(503, { "retry-after": "90" }), 90, 90],
    [answers(429, { "retry-after": inTwoMinutes() }), 100, 121],
    [answers(503, { "retry-after": "1" }), 30, 30],
    [answers(500, { "retry-after": "90" }), 30, 30],
  ] as const;
  for (const [n, [answer, from, to]] of cases.entries()) {
    const endpoint = await fixture.endpoint(`wait-${n}`, answer, {
      retry: { ladderSeconds: [30], jitter: 0 },
    });
    const [id] = await fixture.send(endpoint, 1);
    const replica = await fixture.start();
    await expect.poll(() => fixture.states([id!]), WAIT).toEqual(["WAITING"]);
    const { due_in: dueIn } = await fixture.delivery(id!);
    expect(dueIn, `case ${n}`).toBeGreaterThan(from - 15);
    expect(dueIn, `case ${n}`).toBeLessThanOrEqual(to);
    await replica.stop();
  }
});

test("a failure that heals ends acknowledged, with its number of attempts", async () => {
  const endpoint = await fixture.endpoint(
    "healing",
    (call, response, n) => answers(n < 2 ? 500 : 200)(call, response, n),
    { retry: { ladderSeconds: [0], jitter: 0, maxAttempts: 5 } },
  );
  const ids = await fixture.send(endpoint, 20);
  await fixture.start();
  await expect.poll(() => fixture.states(ids), WAIT).toEqual(["ACKED"]);
  expect((await fixture.delivery(ids[0]!)).attempt).toBe(3);
  expect(await fixture.messageStates(ids)).toEqual(["CONSUMED"]);
  expect(endpoint.calls).toHaveLength(60);
  expect(await fixture.miscounts()).toEqual([]);
});

test.each([
  ["a redirect", (r) => r.writeHead(302, { location: "http://127.0.0.1:1/" }).end(), "http_302", 302],
  ["a page that is not there", (r) => r.writeHead(404).end("<html>\0é"), "http_404", 404],
  ["a body without end", (r) => void r.writeHead(500).write("x"), "timeout", 500],
  ["silence", () => undefined, "timeout", null],
  ["a cut connection", (r) => void r.socket?.destroy(), "connection", null],
  ["a huge body", (r) => r.writeHead(500).end(Buffer.alloc(5_000_000, "x")), "http_500", 500],
] as const satisfies [string, (r: ServerResponse) => unknown, string, number | null][])(
  "%s is a failure that is kept",
  async (name, reply, type, status) => {
    const endpoint = await fixture.endpoint(name.replaceAll(" ", "-"), (_call, response) => reply(response));
    const [id] = await fixture.send(endpoint, 1);
    await fixture.start();
    await expect.poll(() => fixture.states([id!]), WAIT).toEqual(["WAITING"]);
    const [kept] = await fixture.attempts([id!]);
    expect(kept).toMatchObject({ attempt: 1, kind: "failed", error_type: type, status });
    expect(Buffer.byteLength(kept!.body ?? "")).toBeLessThanOrEqual(4096);
    if (type === "timeout") expect(kept!.duration_ms).toBeGreaterThan(950);
    expect(kept!.failure_group_id).not.toBeNull();
  },
);

test("an address that is not allowed is never called", async () => {
  let hits = 0;
  const server = createServer(() => hits++).listen(0, "127.0.0.1");
  const port = await new Promise<number>((resolve) =>
    server.once("listening", () => resolve((server.address() as { port: number }).port)),
  );
  const endpoint = await fixture.endpoint("inside", answers(200), {
    webhook: { url: `http://localhost:${port}/hook` },
  });
  const [id] = await fixture.send(endpoint, 1);
  await fixture.start({ SURELAY_ALLOWED_HOSTS: "public" });
  await expect.poll(() => fixture.states([id!]), WAIT).toEqual(["WAITING"]);
  expect((await fixture.attempts([id!]))[0]).toMatchObject({
    error_type: "address_not_allowed",
    status: null,
  });
  expect(hits).toBe(0);
  server.close();
});

test("a slow endpoint delays no other, and has no more calls under way than it allows", async () => {
  const held: ServerResponse[] = [];
  const slow = await fixture.endpoint("slow", (_call, response) => held.push(response), {
    webhook: { concurrency: 3, timeoutSeconds: 30 },
  });
  const fast = await fixture.endpoint("fast", answers(200));
  await fixture.send(slow, 100);
  const replica = await fixture.start({ SURELAY_NOTIFY_CONCURRENCY: "8" });
  await expect.poll(() => held.length, WAIT).toBe(3);
  const ids = await fixture.send(fast, 200);
  await expect.poll(() => fixture.states(ids), WAIT).toEqual(["ACKED"]);
  expect(held).toHaveLength(3);
  expect(replica.report()).toMatchObject({ calling: 3, waiting: 3 });
  // Quiet: what has not been called is given back, what is under way is finished.
  replica.setQuiet(true);
  await expect.poll(() => replica.report(), WAIT).toMatchObject({ calling: 3, waiting: 0 });
  held.forEach((response) => response.end());
  await expect.poll(() => replica.report(), WAIT).toMatchObject({ calling: 0, waiting: 0 });
  expect(slow.calls).toHaveLength(3);
});

test("endpoints that nobody answers at have one call under way each, and half of all slots at most", async () => {
  const held: ServerResponse[] = [];
  const dead = [];
  for (let n = 0; n < 4; n++) {
    const one = await fixture.endpoint(`dead-${n}`, (_call, response) => void response.socket?.destroy(), {
      webhook: { concurrency: 4, timeoutSeconds: 30 },
    });
    await fixture.send(one, 30);
    dead.push(one);
  }
  const started = performance.now();
  const replica = await fixture.start({ SURELAY_NOTIFY_CONCURRENCY: "4" });
  await expect.poll(() => (replica.report().unreached as string[]).length, WAIT).toBe(4);
  dead.forEach((one) => one.answer((_call, response) => held.push(response)));
  // They rest between calls; whoever is called now holds its slot, and no more than two of four get one.
  await expect.poll(() => held.length, WAIT).toBe(2);
  const fast = await fixture.endpoint("alive", answers(200));
  const ids = await fixture.send(fast, 50);
  await expect.poll(() => fixture.states(ids), WAIT).toEqual(["ACKED"]);
  expect(held.length).toBe(2);
  // Three failures in a row make one suspect, and three calls may be under way beside them; then it is one call after a
  // second's rest, one after two seconds', four …, a fifth less at the least.
  const rests = Math.floor(Math.log2(1 + (performance.now() - started) / 800));
  for (const one of dead) expect(one.calls.length).toBeLessThanOrEqual(6 + rests);
  held.forEach((response) => response.end());
});

test("many endpoints that nobody answers at leave the claims of the others alone", async () => {
  const held: ServerResponse[] = [];
  const dead: Endpoint[] = [];
  for (let n = 0; n < 9; n++) {
    const one = await fixture.endpoint(`many-${n}`, answers(200), {
      webhook: { concurrency: 1, timeoutSeconds: 30 },
    });
    one.answer((_call, response) =>
      one.calls.length > 3 ? held.push(response) : void response.socket?.destroy(),
    );
    await fixture.send(one, 8);
    dead.push(one);
  }
  const replica = await fixture.start({ SURELAY_NOTIFY_CONCURRENCY: "4" });
  await expect.poll(() => (replica.report().unreached as string[]).length, WAIT).toBe(9);
  const restedAt = performance.now() + 1500;
  await expect.poll(() => held.length, WAIT).toBe(2);
  const alive = await fixture.endpoint("alive-too", answers(200));
  // While they rest, and when the other seven could be called as well.
  for (let rested = false; !rested; ) {
    rested = performance.now() > restedAt;
    const ids = await fixture.send(alive, 20);
    await expect.poll(() => fixture.states(ids), WAIT).toEqual(["ACKED"]);
  }
  expect(held.length).toBe(2);
  expect(replica.report()).toMatchObject({ calling: 2, waiting: 0 });
  // And when they are answered, the others have their turn.
  dead.forEach((one) => one.answer(answers(200)));
  held.forEach((response) => response.end());
  await expect.poll(() => replica.report(), WAIT).toMatchObject({ unreached: [] });
});

test("a rate holds over all replicas", async () => {
  const endpoint = await fixture.endpoint("rated", answers(200), { retry: { ratePerSecond: 20 } });
  const ids = await fixture.send(endpoint, 50);
  const started = performance.now();
  await Promise.all([fixture.start(), fixture.start()]);
  await expect.poll(() => fixture.states(ids), WAIT).toEqual(["ACKED"]);
  const seconds = (performance.now() - started) / 1000;
  // A bucket holds a second's worth at most, and was made empty with the subscription.
  expect(seconds).toBeGreaterThan((50 - 20) / 20 - 0.1);
  expect(endpoint.calls).toHaveLength(50);
});

test("a paused subscription or topic is not called, and goes on when it is resumed", async () => {
  const endpoint = await fixture.endpoint("paused", answers(200));
  const other = await fixture.endpoint("running", answers(200));
  const { pool } = fixture.database;
  await pool.query("UPDATE subscription SET paused_at = now(), paused_by = 'somebody' WHERE id = $1", [
    endpoint.subscriptionId,
  ]);
  const ids = await fixture.send(endpoint, 3);
  await fixture.start();
  const seen = await fixture.send(other, 3);
  await expect.poll(() => fixture.states(seen), WAIT).toEqual(["ACKED"]);
  expect(endpoint.calls).toEqual([]);
  await pool.query(
    `WITH resumed AS (UPDATE subscription SET paused_at = NULL, paused_by = NULL WHERE id = $1)
     UPDATE topic SET paused_at = now(), paused_by = 'somebody' WHERE id = $2`,
    [endpoint.subscriptionId, endpoint.topicId],
  );
  const more = await fixture.send(other, 3);
  await expect.poll(() => fixture.states(more), WAIT).toEqual(["ACKED"]);
  expect(endpoint.calls).toEqual([]);
  await pool.query("UPDATE topic SET paused_at = NULL, paused_by = NULL WHERE id = $1", [endpoint.topicId]);
  await expect.poll(() => fixture.states(ids), WAIT).toEqual(["ACKED"]);
});

test("wakes with the relay's notification and when a call is due, not at the next poll", async () => {
  const endpoint = await fixture.endpoint(
    "punctual",
    (call, response, n) => answers(n === 0 ? 500 : 200)(call, response, n),
    {
      retry: { ladderSeconds: [1], jitter: 0 },
    },
  );
  await fixture.start({ SURELAY_NOTIFY_POLL_MS: "10000" });
  const started = performance.now();
  const ids = await fixture.send(endpoint, 1);
  await expect.poll(() => fixture.states(ids), { timeout: 9500, interval: 20 }).toEqual(["ACKED"]);
  const seconds = (performance.now() - started) / 1000;
  expect(seconds).toBeGreaterThan(1);
  expect(seconds).toBeLessThan(9.5);
});
