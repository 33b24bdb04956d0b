import { expect, test } from "vitest";
import { fingerprintError } from "../../server/domain/fingerprint-error.ts";
import { claimDueWebhooks, putBackWebhooks, type WebhookClaim } from "../../server/store/claim-webhooks.ts";
import {
  ackWebhooks,
  deliveryKey,
  failWebhooks,
  type FailedWebhook,
} from "../../server/store/settle-webhooks.ts";
import { answers, type Endpoint, useNotify } from "./notify-fixture.ts";

const fixture = useNotify();
const claim = (endpoint: Endpoint, wanted: number, ratePerSecond: number | null = null) =>
  claimDueWebhooks(fixture.database.hot, [
    { subscriptionId: endpoint.subscriptionId, wanted, leaseMs: 60_000, ratePerSecond },
  ]);
const failedOf = (of: WebhookClaim, kind: FailedWebhook["kind"] = "failed"): FailedWebhook => ({
  claim: of,
  kind,
  delayMs: 0,
  reason: kind === "failed" ? null : "for the test",
  error: fingerprintError({ type: "http_500", message: "HTTP 500" }),
  status: 500,
  durationMs: 12,
  body: null,
  ageMs: 15,
});
const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);

test("claims share what is due, the longest due first, and nobody else's", async () => {
  const endpoint = await fixture.endpoint("shared", answers(200));
  const other = await fixture.endpoint("other", answers(200));
  await fixture.send(other, 5);
  const ids = await fixture.send(endpoint, 200);
  await fixture.passTime(ids.slice(0, 20), 60);
  expect((await claim(endpoint, 20)).map((one) => one.messageId).toSorted()).toEqual(
    ids.slice(0, 20).toSorted(),
  );
  const taken = await Promise.all(Array.from({ length: 6 }, () => claim(endpoint, 50)));
  const seen = taken.flat().map((one) => one.messageId);
  expect(seen.toSorted()).toEqual(ids.slice(20).toSorted());
  expect(taken.flat()[0]).toMatchObject({ attempt: 1, made: 1, app: "orders", payload: Buffer.from("{}") });
});

test("of both its queues a subscription's longest due goes first", async () => {
  const { hot } = fixture.database;
  const endpoint = await fixture.endpoint("queues", answers(200));
  const failed = await fixture.send(endpoint, 10);
  await failWebhooks(
    hot,
    (await claim(endpoint, 10)).map((one) => failedOf(one)),
  );
  const fresh = await fixture.send(endpoint, 10);
  await fixture.passTime(failed.slice(0, 5), 60);
  await fixture.passTime(fresh.slice(0, 5), 90);
  await fixture.passTime([...failed.slice(5), ...fresh.slice(5)], 30);
  expect((await claim(endpoint, 5)).map((one) => one.messageId).toSorted()).toEqual(
    fresh.slice(0, 5).toSorted(),
  );
  expect((await claim(endpoint, 5)).map((one) => one.messageId).toSorted()).toEqual(
    failed.slice(0, 5).toSorted(),
  );
  expect(await claim(endpoint, 50)).toHaveLength(10);
});

test("an edited message is delivered as it was edited", async () => {
  const endpoint = await fixture.endpoint("edited", answers(200));
  const [id] = await fixture.send(endpoint, 1, { headers: '{"x-a":"1"}' });
  await fixture.database.pool.query(
    `INSERT INTO message_version (message_id, version, edited_by, reason, content_type, headers, payload)
     VALUES ($1, 2, 'somebody', 'a test', 'text/plain', NULL, 'two'), ($1, 3, 'somebody', 'a test', 'text/csv', NULL, 'three')`,
    [id],
  );
  const [one] = await claim(endpoint, 1);
  expect(one).toMatchObject({ contentType: "text/csv", headers: null, payload: Buffer.from("three") });
});

test("what is given back is due at once; a claim that has run out gives nothing back", async () => {
  const { hot } = fixture.database;
  const endpoint = await fixture.endpoint("back", answers(200));
  const ids = await fixture.send(endpoint, 1);
  const [first] = await claim(endpoint, 1);
  await putBackWebhooks(hot, [first!]);
  const [second] = await claim(endpoint, 1);
  expect(second).toMatchObject({ messageId: ids[0], attempt: 1 });
  await putBackWebhooks(hot, [first!]);
  expect(await claim(endpoint, 1)).toEqual([]);
});

test("a failure needs its lease, a success does not, and what is settled stays", async () => {
  const { hot } = fixture.database;
  const endpoint = await fixture.endpoint("lease", answers(200));
  const [id] = await fixture.send(endpoint, 1);
  const [first] = await claim(endpoint, 1);
  await fixture.passTime([id!], 61);
  const [second] = await claim(endpoint, 1);
  expect(await failWebhooks(hot, [failedOf(first!)])).toEqual(new Set());
  expect(await failWebhooks(hot, [failedOf(second!)])).toEqual(new Set([deliveryKey(second!)]));
  expect(await fixture.delivery(id!)).toMatchObject({ state: "WAITING", attempt: 1 });
  const [third] = await claim(endpoint, 1);
  expect(third).toMatchObject({ attempt: 2, made: 2 });
  expect(await failWebhooks(hot, [failedOf(third!, "dead")])).toEqual(new Set([deliveryKey(third!)]));
  expect(await fixture.delivery(id!)).toMatchObject({ state: "DEAD", attempt: 2, reason: "for the test" });
  expect(await claim(endpoint, 1)).toEqual([]);
  // The first call's answer arrives after all of that: the receiver has the message.
  expect(await ackWebhooks(hot, [first!])).toEqual(new Set([deliveryKey(first!)]));
  expect(await ackWebhooks(hot, [second!, third!])).toEqual(new Set());
  expect(await fixture.delivery(id!)).toMatchObject({ state: "ACKED", attempt: 2, reason: null });
  expect((await fixture.attempts([id!])).map(({ kind }) => kind)).toEqual([
    "failed",
    "failed",
    "dead",
    "acked_late",
  ]);
  expect(await fixture.messageStates([id!])).toEqual(["CONSUMED"]);
  expect(await fixture.miscounts()).toEqual([]);
});

test("a message with two webhooks is CONSUMED with the second, whoever comes first, in one batch or in two", async () => {
  const { hot, pool } = fixture.database;
  const one = await fixture.endpoint("pair", answers(200));
  const { rows } = await pool.query<{ id: number }>(
    `WITH twin AS (
       INSERT INTO subscription (topic_id, name, ack, group_id, webhook_url)
       SELECT topic_id, 'twin', ack, group_id, webhook_url FROM subscription WHERE id = $1 RETURNING id
     ), valve AS (INSERT INTO subscription_valve (subscription_id) SELECT id FROM twin)
     SELECT id FROM twin`,
    [one.subscriptionId],
  );
  const twin = { ...one, subscriptionId: rows[0]!.id };
  const ids = await fixture.send(one, 200);
  const claims = [...(await claim(one, 200)), ...(await claim(twin, 200))];
  expect(claims).toHaveLength(400);
  // Flushes of many replicas at once, in any order: no deadlock, and each message counted once.
  const batches = Array.from({ length: 8 }, (_, n) => shuffled(claims.filter((_claim, i) => i % 8 === n)));
  const moved = await Promise.all(batches.map((batch) => ackWebhooks(hot, batch)));
  expect(moved.reduce((sum, set) => sum + set.size, 0)).toBe(400);
  expect(await fixture.messageStates(ids)).toEqual(["CONSUMED"]);
  expect(await fixture.miscounts()).toEqual([]);
});

test("successes and failures of the same deliveries at once: one counts, whichever, and figures agree", async () => {
  const { hot } = fixture.database;
  const endpoint = await fixture.endpoint("both", answers(200));
  const ids = await fixture.send(endpoint, 300);
  const claims = await claim(endpoint, 300);
  const [acked, failed] = await Promise.all([
    ackWebhooks(hot, shuffled(claims)),
    failWebhooks(
      hot,
      shuffled(claims).map((one) => failedOf(one)),
    ),
  ]);
  // A success counts after a failure, a failure after a success does not.
  expect(acked.size).toBe(300);
  const kept = await fixture.attempts(ids);
  expect(kept).toHaveLength(failed.size);
  expect(await fixture.states(ids)).toEqual(["ACKED"]);
  expect(await fixture.messageStates(ids)).toEqual(["CONSUMED"]);
  expect(await fixture.miscounts()).toEqual([]);
});

test("the rate's bucket holds a second's worth, and is shared", async () => {
  const { pool } = fixture.database;
  const endpoint = await fixture.endpoint("bucket", answers(200));
  await fixture.send(endpoint, 100);
  await pool.query(
    "UPDATE subscription_valve SET tokens_at = now() - interval '1 hour' WHERE subscription_id = $1",
    [endpoint.subscriptionId],
  );
  const taken = await Promise.all(Array.from({ length: 5 }, () => claim(endpoint, 50, 10)));
  const count = taken.flat().length;
  expect(count).toBeGreaterThanOrEqual(10);
  expect(count).toBeLessThanOrEqual(12);
});

test("claims walk their index, however much is due elsewhere", async () => {
  const { hot, pool } = fixture.database;
  const busy = await fixture.endpoint("busy", answers(200));
  const calm = await fixture.endpoint("calm", answers(200));
  for (let n = 0; n < 6; n++) await fixture.send(busy, 500);
  await fixture.send(calm, 1);
  await pool.query("ANALYZE delivery");
  const { rows } = await hot.query<{ "QUERY PLAN": string }>(
    `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT d.message_id
     FROM unnest('{${calm.subscriptionId}}'::int[]) AS w(subscription_id)
     CROSS JOIN (VALUES ('PENDING'::delivery_state), ('WAITING')) AS queue(state) CROSS JOIN LATERAL (
       SELECT d.message_id FROM delivery d
       WHERE d.subscription_id = w.subscription_id AND d.state = queue.state AND d.state IN ('PENDING', 'WAITING')
         AND d.due_at <= now()
       ORDER BY d.subscription_id, d.state, d.due_at LIMIT 10 FOR UPDATE SKIP LOCKED) d`,
  );
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).toMatch(/Index Scan using delivery_p\d+_subscription_id_state_due_at_idx/);
  expect(plan).not.toMatch(/Seq Scan|Sort Key: d.due_at\n.*Sort Method/);
  expect(plan).not.toMatch(/rows=3000/);
});

test("outcomes touch their own rows alone, however many messages are stored", async () => {
  const { hot, pool } = fixture.database;
  const endpoint = await fixture.endpoint("many", answers(200));
  for (let n = 0; n < 6; n++) await fixture.send(endpoint, 500);
  await pool.query("ANALYZE delivery, message_state");
  const [first, second, third, fourth] = await claim(endpoint, 4);
  const client = await hot.connect();
  try {
    await ackWebhooks(client, [first!]);
    await failWebhooks(client, [failedOf(second!)]);
    const of = ({ messageId, subscriptionId, attempt }: WebhookClaim) =>
      `'{${messageId}}', '{${subscriptionId}}', '{${attempt}}'`;
    const { messageId, subscriptionId, lease } = fourth!;
    const texts = "'{failed}', '{0}', '{x}', '{f}', '{t}', '{p}', '{s}', '{500}', '{1}', '{x}', '{1}'";
    for (const statement of [
      `"ack-webhooks"(${of(third!)})`,
      `"fail-webhooks"('{${messageId}}', '{${subscriptionId}}', '{${lease.toISOString()}}', '{1}', ${texts})`,
    ]) {
      const { rows } = await client.query<{ "QUERY PLAN": string }>(
        `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) EXECUTE ${statement}`,
      );
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/rows=1/);
      expect(plan).not.toMatch(/rows=[1-9]\d{2}|Removed by (Join )?Filter: [1-9]\d{2}/);
    }
  } finally {
    client.release();
  }
});
