import { expect, test } from "vitest";
import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { actOnDeliveries } from "../../server/services/deliveries/act-on-deliveries.ts";
import type { Acting } from "../../server/services/registry/acting.ts";
import { rotateSecret } from "../../server/services/registry/rotate-secret.ts";
import { showSecret } from "../../server/services/registry/show-secret.ts";
import { enableEndpoint } from "../../server/services/webhooks/enable-endpoint.ts";
import { testWebhook } from "../../server/services/webhooks/test-webhook.ts";
import { verify } from "../../sdk/consumer/webhook.ts";
import { answers, MASTER, useNotify } from "./notify-fixture.ts";

const fixture = useNotify();
const WAIT = { timeout: 20_000, interval: 20 };
const by: Acting = {
  actor: { id: "operator-1", username: "night-shift" },
  from: { ip: "203.0.113.7", userAgent: "a browser" },
  reason: "the receiver is back",
};
const cli = { actorId: null, actorName: "cli:test" };
const agents = createGuardedAgents(parseAllowedHosts(["127.0.0.1"]));
const valveOf = async (id: number) =>
  (
    await fixture.database.pool.query<{
      failing_since: Date | null;
      disabled_at: Date | null;
      disabled_reason: string | null;
      last_error: string | null;
      failures: number;
    }>("SELECT * FROM subscription_valve WHERE subscription_id = $1", [id])
  ).rows[0];
const auditOf = async (action: string, target: string) =>
  (
    await fixture.database.pool.query<{ actor_name: string; reason: string | null; after: unknown }>(
      "SELECT actor_name, reason, after FROM audit_log WHERE action = $1 AND target_id = $2 ORDER BY id",
      [action, target],
    )
  ).rows;

test("410 makes the delivery dead and disables the endpoint; the others wait, uncounted, until it is enabled", async () => {
  const endpoint = await fixture.endpoint("gone", answers(410, {}, "no more"), {
    webhook: { concurrency: 1 },
  });
  const ids = await fixture.send(endpoint, 10);
  const replica = await fixture.start();
  await expect.poll(() => replica.report().disabled, WAIT).toEqual(["gone.events/hook"]);
  await expect.poll(() => replica.report(), WAIT).toMatchObject({ calling: 0, waiting: 0 });
  const called = new Set(endpoint.calls.map((call) => call.messageId));
  const untouched = ids.filter((id) => !called.has(id));
  // Concurrency 1: with the one that brought the 410, another may have been under way when it was read.
  expect(untouched.length).toBeGreaterThanOrEqual(8);
  expect(await fixture.states([...called])).toEqual(["DEAD"]);
  expect(await fixture.states(untouched)).toEqual(["PENDING"]);
  const [gone] = [...called];
  expect(await fixture.delivery(gone!)).toMatchObject({
    attempt: 1,
    reason: "rejected: HTTP 410: the receiver is gone",
  });
  expect((await fixture.attempts([gone!])).map(({ kind, status, body }) => [kind, status, body])).toEqual([
    ["rejected", 410, "no more"],
  ]);
  expect(await valveOf(endpoint.subscriptionId)).toMatchObject({
    disabled_reason: "the receiver answered 410: it wants nothing any more",
  });

  endpoint.answer(answers(200));
  const of = { topic: endpoint.topic, subscription: "hook" };
  expect(await enableEndpoint(fixture.database.pool, of, by)).toEqual({ enabled: true });
  await expect.poll(() => fixture.states(untouched), WAIT).toEqual(["ACKED"]);
  expect(await enableEndpoint(fixture.database.pool, of, by)).toEqual({ enabled: false });
  expect(await auditOf("subscription.enable", "gone.events/hook")).toMatchObject([
    { actor_name: "night-shift", reason: by.reason, after: { disabledAt: null } },
  ]);
  await expect(
    enableEndpoint(fixture.database.pool, { ...of, subscription: "nothing" }, by),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("an endpoint that fails for too long is disabled; a success in between starts the time anew", async () => {
  const endpoint = await fixture.endpoint("failing", answers(500), { retry: { ladderSeconds: [3600] } });
  await fixture.start({ SURELAY_WEBHOOK_DISABLE_AFTER_SECONDS: "3600" });
  const first = await fixture.send(endpoint, 1);
  await expect.poll(() => fixture.states(first), WAIT).toEqual(["WAITING"]);
  await expect
    .poll(async () => (await valveOf(endpoint.subscriptionId))?.failing_since, WAIT)
    .toBeInstanceOf(Date);
  expect(await valveOf(endpoint.subscriptionId)).toMatchObject({
    last_error: "http_500: HTTP 500",
    disabled_at: null,
  });

  endpoint.answer(answers(200));
  const good = await fixture.send(endpoint, 1);
  await expect.poll(() => fixture.states(good), WAIT).toEqual(["ACKED"]);
  await expect.poll(async () => (await valveOf(endpoint.subscriptionId))?.failing_since, WAIT).toBeNull();

  endpoint.answer(answers(500));
  const again = await fixture.send(endpoint, 1);
  await expect.poll(() => fixture.states(again), WAIT).toEqual(["WAITING"]);
  await expect
    .poll(async () => (await valveOf(endpoint.subscriptionId))?.failing_since, WAIT)
    .toBeInstanceOf(Date);
  await fixture.database.pool.query(
    "UPDATE subscription_valve SET failing_since = failing_since - interval '1 hour' WHERE subscription_id = $1",
    [endpoint.subscriptionId],
  );
  // Noted at most once a second: it is a failure after that which disables it.
  const sent: string[] = [];
  await expect
    .poll(
      async () => {
        sent.push(...(await fixture.send(endpoint, 1)));
        return (await valveOf(endpoint.subscriptionId))?.disabled_reason ?? null;
      },
      { timeout: 20_000, interval: 200 },
    )
    .toMatch(/^failing without a success since \d{4}-/);
  const calls = endpoint.calls.length;
  const late = await fixture.send(endpoint, 5);
  const alive = await fixture.endpoint("beside", answers(200));
  const beside = await fixture.send(alive, 5);
  await expect.poll(() => fixture.states(beside), WAIT).toEqual(["ACKED"]);
  expect(await fixture.states(late)).toEqual(["PENDING"]);
  expect(endpoint.calls.length).toBeLessThanOrEqual(calls + 1);
});

test("what was given up is called again when an operator says so, with its attempts counted anew", async () => {
  const endpoint = await fixture.endpoint("redriven", answers(500), {
    retry: { ladderSeconds: [0], jitter: 0 },
  });
  const [id] = await fixture.send(endpoint, 1);
  await fixture.start({ SURELAY_NOTIFY_POLL_MS: "10000" });
  await expect.poll(() => fixture.states([id!]), WAIT).toEqual(["DEAD"]);
  const keys = [{ messageId: id!, subscriptionId: endpoint.subscriptionId }];
  await actOnDeliveries(fixture.database.pool, "redrive", { keys }, by);
  await expect.poll(() => endpoint.calls.map((call) => call.attempt), WAIT).toEqual([1, 2, 3, 4]);
  await expect.poll(() => fixture.states([id!]), WAIT).toEqual(["DEAD"]);
  endpoint.answer(answers(200));
  await actOnDeliveries(fixture.database.pool, "redrive", { keys }, by);
  await expect.poll(() => fixture.states([id!]), WAIT).toEqual(["ACKED"]);
  expect(await fixture.delivery(id!)).toMatchObject({ attempt: 5, drive: 2 });
  expect((await fixture.attempts([id!])).map(({ attempt, kind }) => `${attempt} ${kind}`)).toEqual([
    "1 failed",
    "2 failed",
    "2 dead",
    "2 redriven",
    "3 failed",
    "4 failed",
    "4 dead",
    "4 redriven",
  ]);
  expect(await fixture.miscounts()).toEqual([]);
});

test("a secret of its own, shown, replaced with both signing for a day, and audited", async () => {
  const endpoint = await fixture.endpoint("secret", answers(200));
  const { pool } = fixture.database;
  const of = { topic: endpoint.topic, subscription: "hook" };
  const before = await showSecret(pool, { ...of, master: MASTER }, cli);
  expect(before).toMatchObject({
    version: 1,
    overlapsUntil: null,
    secret: expect.stringMatching(/^whsec_/) as string,
  });
  await fixture.start();
  const rotated = await rotateSecret(pool, { ...of, master: MASTER, seen: 1 }, cli);
  expect(rotated).toMatchObject({
    kind: "rotated",
    secret: { version: 2, overlapsUntil: expect.any(Date) as Date },
  });
  expect(await rotateSecret(pool, { ...of, master: MASTER, seen: 1 }, cli)).toEqual({
    kind: "changed_meanwhile",
    version: 2,
  });
  const after = await showSecret(pool, { ...of, master: MASTER }, cli);
  expect(after.secret).not.toBe(before.secret);
  // Both count from the moment that the worker has read of it.
  await expect
    .poll(async () => {
      await fixture.send(endpoint, 1);
      const last = endpoint.calls.at(-1);
      return last && verify(last.headers, last.body, after.secret).ok;
    }, WAIT)
    .toBe(true);
  const last = endpoint.calls.at(-1)!;
  expect(verify(last.headers, last.body, before.secret)).toMatchObject({ ok: true });
  expect(await auditOf("subscription.show_secret", "secret.events/hook")).toHaveLength(2);
  expect(await auditOf("subscription.rotate_secret", "secret.events/hook")).toMatchObject([
    { actor_name: "cli:test", after: { version: 2 } },
  ]);
  await expect(showSecret(pool, { ...of, subscription: "x", master: MASTER }, cli)).rejects.toMatchObject({
    code: "not_found",
  });
  expect(() => showSecret(pool, { ...of, master: undefined }, cli)).toThrow(/SURELAY_SIGNING_SECRET/);
});

test("the test of a webhook shows both ends and stores nothing but its entry in the log", async () => {
  const endpoint = await fixture.endpoint("tested", answers(418, {}, '{"message":"short and stout"}'));
  const { pool } = fixture.database;
  const of = { topic: endpoint.topic, subscription: "hook" };
  const shown = await testWebhook(pool, { ...of, master: MASTER, agents }, by);
  expect(shown).toMatchObject({
    url: `http://127.0.0.1:${endpoint.port}/hook`,
    timeoutMs: 1000,
    status: 418,
    body: '{"message":"short and stout"}',
    result: { kind: "failed", type: "http_418", message: "HTTP 418: short and stout" },
    headers: { "ce-type": "surelay.test", "ce-source": "surelay", "surelay-attempt": "1" },
  });
  expect(shown.headers["webhook-signature"]).toBeUndefined();
  const [call] = endpoint.calls;
  const { secret } = await showSecret(pool, { ...of, master: MASTER }, cli);
  expect(call!.body.toString()).toBe(shown.payload);
  expect(verify(call!.headers, call!.body, secret)).toMatchObject({
    ok: true,
    delivery: { type: "surelay.test" },
  });
  expect(await auditOf("subscription.test_webhook", "tested.events/hook")).toMatchObject([
    { actor_name: "night-shift", after: { url: shown.url, outcome: "http_418", status: 418 } },
  ]);
  const { rows } = await pool.query("SELECT FROM delivery WHERE subscription_id = $1", [
    endpoint.subscriptionId,
  ]);
  expect(rows).toEqual([]);
});
