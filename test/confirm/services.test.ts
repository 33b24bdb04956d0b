import { beforeAll, expect, test } from "vitest";
import { signingSecret } from "../../server/auth/signing-secret.ts";
import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { ASK_AGAIN_LIMIT, askAgain } from "../../server/services/check-back/ask-again.ts";
import {
  readLastCheckBacks,
  readMessageCheckBacks,
} from "../../server/services/check-back/read-check-backs.ts";
import { readBreakers } from "../../server/services/check-back/read-breakers.ts";
import { resetBreaker } from "../../server/services/check-back/reset-breaker.ts";
import { testCheckUrl } from "../../server/services/check-back/test-check-url.ts";
import type { Acting } from "../../server/services/registry/acting.ts";
import { changeApp } from "../../server/services/registry/change-app.ts";
import { readAppForOperator } from "../../server/services/registry/read-app.ts";
import { rotateSecret } from "../../server/services/registry/rotate-secret.ts";
import { showSecret } from "../../server/services/registry/show-secret.ts";
import { openBreaker } from "../../server/store/check-breakers.ts";
import { MASTER, useConfirm } from "./confirm-fixture.ts";
import { says, verify } from "./fake-producer.ts";

const fixture = useConfirm();
const WAIT = { timeout: 20_000, interval: 20 };
const by: Acting = {
  actor: { id: "operator-1", username: "night-shift" },
  from: { ip: "203.0.113.7", userAgent: "a browser" },
  reason: "the order book was restored",
};
const agents = createGuardedAgents(parseAllowedHosts(["127.0.0.1"]));
const cli = { actorId: null, actorName: "cli:test" };
let db: typeof fixture.database.pool;
beforeAll(() => {
  db = fixture.database.pool;
});
const auditOf = async (action: string, target: string) =>
  (
    await db.query<{ actor_name: string; reason: string | null; after: unknown }>(
      "SELECT actor_name, reason, after FROM audit_log WHERE action = $1 AND target_id = $2 ORDER BY id",
      [action, target],
    )
  ).rows;

test("undecided messages are asked about again, named or by app, each with an event and an audit entry", async () => {
  const owner = await fixture.app("orders", says("unknown"), { maxAttempts: 1 });
  const messages = await fixture.prepareDue(owner, 6, { businessKey: "order 7" });
  const ids = messages.map((m) => m.id).toSorted();
  await fixture.start();
  const states = async () => [...new Set((await fixture.states(ids)).values())];
  await expect.poll(states, WAIT).toEqual(["UNDECIDED"]);
  owner.producer.answer(says("committed"));

  const named = await askAgain(db, { ids: ids.slice(0, 2) }, by);
  expect(named).toMatchObject({ hurried: [], untouched: [], more: false });
  expect(named.askedAgain.toSorted()).toEqual(ids.slice(0, 2));
  const rest = await askAgain(db, { app: "orders", topic: "orders.events" }, by);
  expect(rest.askedAgain.toSorted()).toEqual(ids.slice(2));
  await expect.poll(states, WAIT).toEqual(["READY"]);
  expect(await askAgain(db, { ids }, by)).toMatchObject({ askedAgain: [], hurried: [], untouched: ids });

  expect(await auditOf("message.ask_again", ids[0]!)).toEqual([
    { actor_name: "night-shift", reason: by.reason, after: { state: "PREPARED" } },
  ]);
  const { rows: events } = await db.query(
    "SELECT kind, actor, detail FROM message_event WHERE message_id = $1",
    [ids[0]],
  );
  expect(events).toEqual([
    { kind: "asked_again", actor: "night-shift", detail: { reason: by.reason, from: "UNDECIDED" } },
  ]);

  const shown = await readMessageCheckBacks(db, ids[0]!, 10);
  expect(shown).toMatchObject({
    app: "orders",
    state: "READY",
    checkUrl: owner.producer.url,
    policy: { afterSeconds: 10, maxAttempts: 1, factor: 2 },
    items: [
      { attempt: 1, outcome: "unknown", effect: "gave_up", status: 200, body: '{"outcome":"unknown"}' },
      { attempt: 1, outcome: "committed", effect: "confirmed" },
    ],
  });
  // What is shown as the request is, byte for byte, what was sent.
  const sent = owner.producer.asked.filter((a) => a.request.messageId === ids[0]);
  expect(shown.items.map((item) => JSON.stringify(item.request))).toEqual(sent.map((a) => a.body));
  const last = await readLastCheckBacks(db, ids);
  expect([...last.values()].map((row) => row.outcome)).toEqual(ids.map(() => "committed"));
});

test("a prepared message is asked about at once, without starting its count anew", async () => {
  const owner = await fixture.app("hurry", says("unknown"));
  const [message] = await fixture.prepareDue(owner, 1);
  const replica = await fixture.start();
  const kept = () => fixture.checkBacks([message!.id]);
  await expect.poll(async () => (await kept()).length, WAIT).toBe(1);
  expect(await askAgain(db, { ids: [message!.id] }, by)).toMatchObject({
    askedAgain: [],
    hurried: [message!.id],
  });
  await expect.poll(async () => (await kept()).map((k) => k.attempt), WAIT).toEqual([1, 2]);
  await replica.stop();
});

test("too many ids, and apps and topics that are not there, are refused", async () => {
  const many = Array.from(
    { length: ASK_AGAIN_LIMIT + 1 },
    (_, n) => `0193a000-0000-7000-8000-${String(n).padStart(12, "0")}`,
  );
  await expect(askAgain(db, { ids: many }, by)).rejects.toMatchObject({ code: "validation_failed" });
  await expect(askAgain(db, { app: "nobody", topic: null }, by)).rejects.toMatchObject({ code: "not_found" });
  await expect(askAgain(db, { app: null, topic: "nothing" }, by)).rejects.toMatchObject({
    code: "not_found",
  });
});

test("the test of a check URL shows both ends and stores nothing but its entry in the log", async () => {
  const owner = await fixture.app("tested", says("rolled_back"));
  const test = await testCheckUrl(db, { app: "tested", master: MASTER, agents }, by);
  expect(test).toMatchObject({
    url: owner.producer.url,
    request: { attempt: 1, businessKey: null },
    result: { sent: true, outcome: "rolled_back" },
    status: 200,
    body: '{"outcome":"rolled_back"}',
    headers: { "webhook-id": expect.stringMatching(/^check_/) },
  });
  expect(JSON.stringify(test)).not.toContain("v1,");
  expect(verify(owner.producer.asked[0]!, [signingSecret(MASTER, "tested", 1)])).toMatchObject({ ok: true });
  expect(await auditOf("app.test_check_url", "tested")).toMatchObject([
    { after: { outcome: "rolled_back", status: 200 } },
  ]);
  expect(await fixture.states([test.request.messageId])).toEqual(new Map());

  await owner.producer.die();
  expect(await testCheckUrl(db, { app: "tested", master: MASTER, agents }, by)).toMatchObject({
    result: { sent: false, error: "not_connected" },
    status: null,
  });
  await expect(testCheckUrl(db, { app: "tested", master: undefined, agents }, by)).rejects.toMatchObject({
    code: "unavailable",
  });
  await db.query("UPDATE app SET check_url = NULL WHERE name = 'tested'");
  await expect(testCheckUrl(db, { app: "tested", master: MASTER, agents }, by)).rejects.toMatchObject({
    code: "validation_failed",
  });
});

test("an operator closes a breaker, once", async () => {
  const owner = await fixture.app("broken", says("committed"));
  await openBreaker(db, {
    appId: owner.appId,
    trips: 3,
    openMs: 60_000,
    failures: 9,
    lastError: "timeout: …",
  });
  expect(await readBreakers(db, "broken")).toMatchObject([
    { app: "broken", state: "open", trips: 3, failures: 9 },
  ]);
  expect(await resetBreaker(db, "broken", by)).toEqual({ reset: true });
  expect(await resetBreaker(db, "broken", by)).toEqual({ reset: false });
  expect(await readBreakers(db, "broken")).toMatchObject([{ state: "closed", probeAt: null }]);
  expect(await auditOf("app.reset_breaker", "broken")).toHaveLength(1);
  await expect(resetBreaker(db, "nobody", by)).rejects.toMatchObject({ code: "not_found" });
});

test("a secret is derived, shown, and replaced with a day during which both sign", async () => {
  const owner = await fixture.app("sealed", says("committed"));
  const first = await showSecret(db, { app: "sealed", master: MASTER }, cli);
  expect(first).toEqual({
    secret: signingSecret(MASTER, "sealed", 1),
    version: 1,
    rotatedAt: null,
    overlapsUntil: null,
  });
  expect(first.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const rotated = await Promise.all(
    Array.from({ length: 4 }, () => rotateSecret(db, { app: "sealed", master: MASTER, seen: 1 }, cli)),
  );
  expect(rotated.map((r) => r.kind).toSorted()).toEqual([
    ...Array.from({ length: 3 }, () => "changed_meanwhile"),
    "rotated",
  ]);
  const second = await showSecret(db, { app: "sealed", master: MASTER }, cli);
  expect([second.version, second.secret === first.secret]).toEqual([2, false]);
  expect(await auditOf("app.rotate_secret", "sealed")).toHaveLength(1);
  expect(await auditOf("app.show_secret", "sealed")).toHaveLength(2);

  const messages = await fixture.prepareDue(owner, 1);
  await fixture.start();
  await expect.poll(() => owner.producer.asked.length, WAIT).toBe(1);
  for (const secret of [first.secret, second.secret])
    expect(verify(owner.producer.asked[0]!, [secret])).toMatchObject({ ok: true });
  await db.query("UPDATE app SET secret_rotated_at = now() - interval '25 hours' WHERE name = 'sealed'");
  messages.push(...(await fixture.prepareDue(owner, 1)));
  await expect.poll(() => owner.producer.asked.length, WAIT).toBeGreaterThanOrEqual(2);
  await expect
    .poll(async () => {
      messages.push(...(await fixture.prepareDue(owner, 1)));
      return verify(owner.producer.asked.at(-1)!, [first.secret]).ok;
    }, WAIT)
    .toBe(false);
  expect(verify(owner.producer.asked.at(-1)!, [second.secret])).toMatchObject({ ok: true });
});

test("how an app is asked is declared, kept when it is not mentioned, and seen by whoever reads the app", async () => {
  await fixture.app("policy", says("committed"), { maxAttempts: 4, concurrency: 2 });
  const app = await readAppForOperator(db, "policy");
  expect(app).toMatchObject({
    check: { maxAttempts: 4, concurrency: 2, timeoutSeconds: 1, factor: null },
    secretVersion: 1,
  });
  expect(app.file.yaml).toContain("maxAttempts: 4");
  const { name, checkUrl, checkAfterSeconds } = app;
  const change = { app: { name, checkUrl, checkAfterSeconds, contact: "me" }, seen: app.updatedAt };
  expect(await changeApp(db, change, by)).toEqual({ kind: "changed" });
  const after = await readAppForOperator(db, "policy");
  expect([after.contact, after.check]).toEqual(["me", app.check]);
  const tighter = { app: { ...change.app, check: { ...app.check, maxAttempts: 1 } }, seen: after.updatedAt };
  expect(await changeApp(db, tighter, by)).toEqual({ kind: "changed" });
  expect((await readAppForOperator(db, "policy")).check.maxAttempts).toBe(1);
});
