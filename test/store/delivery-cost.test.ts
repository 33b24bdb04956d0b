import type pg from "pg";
import { expect, test } from "vitest";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { subscribe } from "../support/subscriptions.ts";

const db = useDatabase();
const LANE = 0;

interface PlanNode {
  "Node Type": string;
  "Index Name"?: string;
  "Relation Name"?: string;
  Plans?: PlanNode[];
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

async function planOf(client: pg.PoolClient, statement: string): Promise<PlanNode[]> {
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
    `EXPLAIN (FORMAT JSON) ${statement}`,
  );
  return nodesOf(rows[0]!["QUERY PLAN"][0].Plan);
}

test("the mark looks subscriptions up by their index, and everything else by primary key", async () => {
  const owner = await declare(db.pool, { topic: "tracked" });
  for (const name of ["a", "b"]) await subscribe(db.pool, { topic: "tracked", name });
  const others = await declare(db.pool, { topic: "plain" });
  const client = await db.hot.connect();
  try {
    const lease = await acquireLane(client, { lane: LANE, owner: "test", ttlMs: 600_000 });
    // Of a topic with subscriptions and of one without: both forms are prepared after it.
    for (const topic of [owner, others]) {
      const messages = Array.from({ length: 200 }, () => newMessage(topic, { lane: LANE }));
      await insertReady(client, messages);
      const sent = messages.map(({ id }, i) => ({ id, partition: 0, offset: BigInt(i) }));
      const hold = { lane: LANE, epoch: lease!.epoch, progressOffset: 1n };
      await markSent(client, { ...hold, sent });
      await markSent(client, { ...hold, sent, resent: sent.slice(0, 1) });
    }
    await db.pool.query("ANALYZE delivery");
    const plans = [
      await planOf(client, `EXECUTE "mark-sent" (0, 1, 1, '{}', '{}', '{}', NULL)`),
      await planOf(client, `EXECUTE "mark-resent" (0, 1, NULL, '{}', '{}', '{}')`),
    ];
    for (const nodes of plans) {
      const lookUps = nodes.filter((node) => node["Relation Name"] === "subscription");
      expect(lookUps.length).toBeGreaterThan(0);
      for (const node of lookUps)
        expect(node["Index Name"]).toMatch(/^subscription_(tracked_idx|topic_name_key|pkey)$/);
      const forbidden = nodes.filter((node) => /^(Seq|Bitmap|Hash|Merge Join)/.test(node["Node Type"]));
      expect(forbidden.map((node) => node["Node Type"])).toEqual([]);
      const keyed = nodes.filter(
        (node) =>
          node["Node Type"] === "Index Scan" &&
          /^(message_state|delivery)_/.test(node["Relation Name"] ?? ""),
      );
      // What waits in the queue is found by the index of what failed, whose whole key is given, too.
      for (const node of keyed)
        expect(node["Index Name"]).toMatch(/_(pkey|subscription_id_state_message_id_idx)$/);
      expect(keyed.length).toBeGreaterThan(0);
    }
  } finally {
    client.release();
  }
});

test("what waits for committed offsets is found by its own index, in the order of offsets", async () => {
  const client = await db.hot.connect();
  try {
    const nodes = await planOf(
      client,
      `SELECT id FROM message_state
       WHERE topic_id = 1 AND broker_partition = 0 AND broker_offset < 100
         AND state = 'SENT' AND by_offset AND open_deliveries = 0
       ORDER BY topic_id, broker_partition, broker_offset LIMIT 500`,
    );
    const scans = nodes.filter((node) => node["Relation Name"]?.startsWith("message_state"));
    expect(scans.length).toBeGreaterThan(0);
    for (const node of scans) expect(node["Index Name"]).toMatch(/_topic_id_broker_partition_broker_of/);
    expect(nodes.filter((node) => node["Node Type"] === "Sort")).toEqual([]);
  } finally {
    client.release();
  }
});
