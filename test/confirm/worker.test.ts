import type { ServerResponse } from "node:http";
import { expect, test, vi } from "vitest";
import { signingSecret } from "../../server/auth/signing-secret.ts";
import { getMessage } from "../../server/services/messages/get-message.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { MASTER, useConfirm } from "./confirm-fixture.ts";
import { says, verify } from "./fake-producer.ts";

const fixture = useConfirm();
const WAIT = { timeout: 20_000, interval: 20 };

test("asks signed, as the contract says, and does what is answered", async () => {
  const outcomes = ["committed", "rolled_back", "unknown"] as const;
  const owner = await fixture.app("orders", (asked, response) =>
    says(outcomes[Number(asked.request.businessKey) % 3]!)(asked, response, 0),
  );
  const messages = [];
  for (let n = 0; n < 30; n++)
    messages.push(...(await fixture.prepareDue(owner, 1, { businessKey: String(n), type: "order.placed" })));
  const ids = messages.map((m) => m.id);
  await fixture.start();
  await expect.poll(async () => (await fixture.checkBacks(ids)).length, WAIT).toBe(30);
  const states = await fixture.states(ids);
  messages.forEach(({ id }, n) =>
    expect(states.get(id)).toBe(
      { committed: "READY", rolled_back: "CANCELLED", unknown: "PREPARED" }[outcomes[n % 3]!],
    ),
  );
  for (const asked of owner.producer.asked) {
    expect(asked.request).toEqual({
      messageId: expect.any(String),
      businessKey: expect.any(String),
      topic: "orders.events",
      type: "order.placed",
      preparedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      attempt: 1,
    });
    expect(verify(asked, [signingSecret(MASTER, "orders", 1)])).toMatchObject({ ok: true });
    expect(verify(asked, [signingSecret(MASTER, "billing", 1)])).toMatchObject({ ok: false });
  }
  // Far fewer connections than questions: they are kept.
  expect(new Set(owner.producer.asked.map((a) => a.socketPort)).size).toBeLessThanOrEqual(16);
  const view = await getMessage(fixture.database.pool, owner.appId, ids[0]!);
  expect(view).toMatchObject({
    state: "READY",
    decidedBy: "check_back",
    checkBacks: [{ attempt: 1, outcome: "committed", effect: "confirmed", status: 200, error: null }],
  });
  expect(await compareFlow(fixture.database.pool)).toEqual([]);
});

test("replicas ask each message once per step, and not more often than its policy says", async () => {
  const owner = await fixture.app(
    "steps",
    says("unknown"),
    { maxAttempts: 3, factor: 1, jitter: 0 },
    { afterSeconds: 1 },
  );
  const messages = await fixture.prepareDue(owner, 120);
  const ids = messages.map((m) => m.id);
  await Promise.all(Array.from({ length: 4 }, () => fixture.start()));
  await expect
    .poll(async () => new Set((await fixture.states(ids)).values()), WAIT)
    .toEqual(new Set(["UNDECIDED"]));
  const seen = new Map<string, number[]>();
  for (const { request } of owner.producer.asked)
    seen.set(request.messageId, [...(seen.get(request.messageId) ?? []), request.attempt]);
  expect(seen.size).toBe(120);
  for (const attempts of seen.values()) expect(attempts).toEqual([1, 2, 3]);
  const kept = await fixture.checkBacks(ids);
  expect(kept.map((k) => k.effect).toSorted()).toEqual([
    ...Array.from({ length: 240 }, () => "asks_again"),
    ...Array.from({ length: 120 }, () => "gave_up"),
  ]);
  const { rows } = await fixture.database.pool.query(
    "SELECT DISTINCT checks, reason FROM message_state WHERE id = ANY($1::uuid[])",
    [ids],
  );
  expect(rows).toEqual([{ checks: 3, reason: 'asked 3 times; the last answer was "unknown"' }]);
  expect(await compareFlow(fixture.database.pool)).toEqual([]);
});

test.each([
  [
    "an error",
    (r) => r.writeHead(404).end("no such order book"),
    { error: "http_status", status: 404, body: "no such order book" },
  ],
  [
    "a redirect",
    (r) => r.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    { error: "redirect", status: 302, body: null },
  ],
  [
    "wrong JSON",
    (r) => r.writeHead(200).end('{"outcome":"perhaps"}'),
    { error: "wrong_answer", status: 200 },
  ],
  [
    "no JSON",
    (r) => r.writeHead(200).end("<html>\0é"),
    { error: "not_json", status: 200, body: "<html>\uFFFDé" },
  ],
  [
    "a long body",
    (r) => r.writeHead(200).end(`{"outcome":"committed","x":"${"é".repeat(3000)}"}`),
    { error: null, body_cut: true },
  ],
  [
    "a huge body",
    (r) => r.writeHead(200).end(Buffer.alloc(5_000_000, "x")),
    { error: "body_too_large", body_cut: true },
  ],
  ["a body without end", (r) => void r.writeHead(200).write("x"), { error: "timeout", status: 200 }],
  ["silence", () => undefined, { error: "timeout", status: null }],
  ["a cut connection", (r) => void r.socket?.destroy(), { error: "connection_lost", status: null }],
] as const satisfies [string, (r: ServerResponse) => unknown, object][])(
  "%s is kept for the operator and decides nothing",
  async (name, reply, expected) => {
    const owner = await fixture.app(`app-${name.replaceAll(" ", "-")}`.toLowerCase(), (_asked, response) =>
      reply(response),
    );
    const [message] = await fixture.prepareDue(owner, 1);
    await fixture.start();
    await expect.poll(async () => (await fixture.checkBacks([message!.id])).length, WAIT).toBe(1);
    const [kept] = await fixture.checkBacks([message!.id]);
    expect(kept).toMatchObject({
      attempt: 1,
      outcome: expected.error === null ? "committed" : "failed",
      ...expected,
    });
    expect(Buffer.byteLength(kept!.body ?? "")).toBeLessThanOrEqual(4096);
    expect((await fixture.states([message!.id])).get(message!.id)).toBe(
      expected.error === null ? "READY" : "PREPARED",
    );
    if (expected.error === "timeout") expect(kept!.duration_ms).toBeGreaterThan(950);
  },
);

test("an app without a check URL is not asked, its messages wait, and a URL set later has them asked", async () => {
  const owner = await fixture.app("shy", says("committed"));
  await fixture.database.pool.query("UPDATE app SET check_url = NULL WHERE id = $1", [owner.appId]);
  const [message] = await fixture.prepareDue(owner, 1);
  const other = await fixture.app("open", says("committed"));
  const [seen] = await fixture.prepareDue(other, 1);
  await fixture.start();
  await expect.poll(async () => (await fixture.states([seen!.id])).get(seen!.id), WAIT).toBe("READY");
  expect((await fixture.states([message!.id])).get(message!.id)).toBe("PREPARED");
  await fixture.database.pool.query("UPDATE app SET check_url = $2 WHERE id = $1", [
    owner.appId,
    owner.producer.url,
  ]);
  await expect.poll(async () => (await fixture.states([message!.id])).get(message!.id), WAIT).toBe("READY");
});

test("a slow app with a long line delays no other, and has no more checks under way than it allows", async () => {
  const waiting: (() => void)[] = [];
  const slow = await fixture.app(
    "slow",
    (_asked, response) => waiting.push(() => response.end('{"outcome":"committed"}')),
    {
      concurrency: 3,
      timeoutSeconds: 30,
    },
  );
  const fast = await fixture.app("fast", says("committed"));
  await fixture.prepareDue(slow, 200);
  const replica = await fixture.start();
  await expect.poll(() => waiting.length, WAIT).toBe(3);
  const quick = await fixture.prepareDue(fast, 100);
  const ids = quick.map((m) => m.id);
  await expect
    .poll(async () => new Set((await fixture.states(ids)).values()), WAIT)
    .toEqual(new Set(["READY"]));
  expect(waiting.length).toBe(3);
  expect(replica.report()).toMatchObject({ asking: 3, waiting: 3 });
  // Quiet: what has not been asked is given back, what is under way is finished.
  replica.setQuiet(true);
  await expect.poll(() => replica.report(), WAIT).toMatchObject({ asking: 3, waiting: 0 });
  const leased = "SELECT count(*)::int AS n FROM message_state WHERE app_id = $1 AND check_at > now()";
  await expect
    .poll(async () => (await fixture.database.pool.query(leased, [slow.appId])).rows[0].n, WAIT)
    .toBe(3);
  waiting.forEach((answer) => answer());
  await expect.poll(() => replica.report(), WAIT).toMatchObject({ asking: 0, waiting: 0 });
  expect(slow.producer.asked).toHaveLength(3);
});

test("more apps than may be asked at once take turns", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) {
    const owner = await fixture.app(`turn-${n}`, says("committed"));
    ids.push(...(await fixture.prepareDue(owner, 40)).map((m) => m.id));
  }
  await fixture.start({ SURELAY_CHECK_CONCURRENCY: "2" });
  await expect.poll(async () => [...new Set((await fixture.states(ids)).values())], WAIT).toEqual(["READY"]);
  expect(await fixture.checkBacks(ids)).toHaveLength(240);
});

test("wakes when a check is due, not at the next poll, and at once when an operator asks", async () => {
  const owner = await fixture.app("punctual", says("committed"));
  await fixture.start({ SURELAY_CHECK_POLL_MS: "10000" });
  const [message] = await fixture.prepareDue(owner, 1);
  await fixture.database.pool.query("SELECT pg_notify('surelay_check', '')");
  await expect
    .poll(async () => (await fixture.states([message!.id])).get(message!.id), { timeout: 9000, interval: 20 })
    .toBe("READY");

  const [next] = await fixture.prepareDue(owner, 1);
  await fixture.database.pool.query(
    "WITH later AS (UPDATE message_state SET check_at = now() + interval '1 second' WHERE id = $1) SELECT pg_notify('surelay_check', '')",
    [next!.id],
  );
  await expect
    .poll(async () => (await fixture.states([next!.id])).get(next!.id), { timeout: 9000, interval: 20 })
    .toBe("READY");
  const { rows } = await fixture.database.pool.query<{ ms: number }>(
    "SELECT (extract(epoch FROM decided_at - stored_at) * 1000)::int AS ms FROM message_state WHERE id = $1",
    [next!.id],
  );
  expect(rows[0]!.ms).toBeGreaterThanOrEqual(1000);
  expect(rows[0]!.ms).toBeLessThan(9000);
});

test("checks survive a database that is away for a while", async () => {
  const owner = await fixture.app("resilient", says("committed"));
  const messages = await fixture.prepareDue(owner, 50);
  const ids = messages.map((m) => m.id);
  await fixture.start();
  await expect.poll(() => owner.producer.asked.length, WAIT).toBeGreaterThan(0);
  await fixture.database.pool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'surelay confirm%' AND pid <> pg_backend_pid()",
  );
  const more = await fixture.prepareDue(owner, 50);
  ids.push(...more.map((m) => m.id));
  // What was in hand when the connections were cut is asked about again when its lease ends.
  await expect
    .poll(async () => {
      await fixture.passTime(ids, 20);
      return new Set((await fixture.states(ids)).values());
    }, WAIT)
    .toEqual(new Set(["READY"]));
});

test("a claim that its process slept through is not asked about, but given back", async () => {
  const held: (() => void)[] = [];
  const owner = await fixture.app(
    "sleeper",
    (_asked, response) => held.push(() => response.end('{"outcome":"committed"}')),
    { concurrency: 1 },
  );
  const messages = await fixture.prepareDue(owner, 2);
  const ids = messages.map((m) => m.id);
  const replica = await fixture.start();
  await expect.poll(() => held.length, WAIT).toBe(1);
  expect(replica.report()).toMatchObject({ asking: 1, waiting: 1 });
  owner.producer.answer(says("committed"));
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + 60_000);
  try {
    held[0]!();
    await expect
      .poll(
        async () =>
          (await replica.metrics.getMetricsAsJSON()).find((m) => m.name === "surelay_confirm_lapsed_total")!
            .values[0]!.value,
        WAIT,
      )
      .toBe(1);
  } finally {
    clock.mockRestore();
  }
  await expect.poll(async () => [...new Set((await fixture.states(ids)).values())], WAIT).toEqual(["READY"]);
});
