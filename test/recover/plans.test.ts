import type pg from "pg";
import { expect, test } from "vitest";
import { queueRedeliveries } from "../../server/store/queue-redeliveries.ts";
import { readRecoverySchedule } from "../../server/store/recovery-schedule.ts";
import { makeValves, readValves } from "../../server/store/redelivery-valves.ts";
import { releaseDue } from "../../server/store/scheduled-messages.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { timeOutDeliveries } from "../../server/store/time-out-deliveries.ts";
import { declare, newMessage } from "../support/messages.ts";
import { useRecover } from "./recover-fixture.ts";

const fixture = useRecover();
const db = fixture.database;

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  "Rows Removed by Join Filter"?: number;
  Plans?: PlanNode[];
}

const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** The plan of a prepared statement on its own connection, as it runs; what it writes is undone. */
async function planOf(client: pg.PoolClient, execute: string): Promise<PlanNode> {
  await client.query("BEGIN");
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE ${execute}`,
  );
  await client.query("ROLLBACK");
  return rows[0]!["QUERY PLAN"][0].Plan;
}

function expectNoScans(plan: PlanNode): void {
  const scanned = nodesOf(plan)
    .filter((node) => node["Node Type"] === "Seq Scan" || node["Node Type"].startsWith("Bitmap"))
    .map((node) => node["Relation Name"])
    .filter((name) => name === "resend" || name?.startsWith("delivery_p") || name?.startsWith("message"));
  expect(scanned).toEqual([]);
  // Nor is a backlog held against a claim row by row.
  expect(nodesOf(plan).reduce((sum, node) => sum + (node["Rows Removed by Join Filter"] ?? 0), 0)).toBe(0);
}

test("deadlines and redeliveries are found by their index, past a hundred thousand that are held or done", async () => {
  const given = await fixture.given({}, 20);
  const { id } = given.subscription;
  const fill = (state: string, due: string, count: number) =>
    db.pool.query(
      `INSERT INTO delivery (message_id, subscription_id, state, due_at)
       SELECT uuidv7(), $1, $2::delivery_state, ${due} FROM generate_series(1, $3::int)`,
      [id, state, count],
    );
  await fill("ACKED", "NULL", 50_000);
  await fill("WAITING", "now() - interval '1 hour'", 50_000);
  await db.pool.query("ANALYZE delivery");
  await db.pool.query(
    `INSERT INTO resend (id, seq, message_id, app_id, topic_id, lane, attempt, kind, asked_by, subscription_id)
     SELECT gen_random_uuid(), n, uuidv7(), t.app_id, t.topic_id, 0, 2, 'redelivery', 'recover', $1
     FROM generate_series(1, 20000) n, (SELECT app_id, topic_id FROM message_state LIMIT 1) t`,
    [id],
  );
  const client = await db.hot.connect();
  try {
    await timeOutDeliveries(client, [id], 1);
    const deadlines = await planOf(client, `"time-out-deliveries" ('{${id}}', 500, 'f', 't', 'p')`);
    expectNoScans(deadlines);
    // Twenty that are not due yet, and not the fifty thousand that wait.
    expect(deadlines["Shared Hit Blocks"] + deadlines["Shared Read Blocks"]).toBeLessThan(500);
    await readRecoverySchedule(client);
    const look = await planOf(client, `"read-recovery-schedule"`);
    expectNoScans(look);
    expect(look["Shared Hit Blocks"] + look["Shared Read Blocks"]).toBeLessThan(500);
    await makeValves(client, [id]);
    const [valve] = await readValves(client, [id]);
    await queueRedeliveries(client, {
      subscriptionId: id,
      version: valve!.version - 1n,
      limit: 1,
      probe: null,
    });
    const queue = await planOf(client, `"queue-redeliveries" (${id}, ${valve!.version}, 10, NULL, 0)`);
    expectNoScans(queue);
    expect(queue["Shared Hit Blocks"] + queue["Shared Read Blocks"]).toBeLessThan(2000);
    const valves = await planOf(client, `"read-valves" ('{${id}}')`);
    expectNoScans(valves);
  } finally {
    client.release();
  }
});

test("scheduled messages are released one by one, however many wait", async () => {
  const owner = await declare(db.pool);
  const deliverAt = new Date(Date.now() + 400);
  for (let i = 0; i < 10; i++)
    await insertReady(
      db.pool,
      Array.from({ length: 500 }, () => newMessage(owner, { deliverAt })),
    );
  const client = await db.hot.connect();
  try {
    await expect.poll(() => releaseDue(client, 1), { timeout: 10_000, interval: 20 }).toBe(1);
    const plan = await planOf(client, `"release-due" (500)`);
    expectNoScans(plan);
    expect(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]).toBeLessThan(60_000);
  } finally {
    client.release();
  }
});
