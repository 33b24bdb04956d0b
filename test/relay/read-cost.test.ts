import type pg from "pg";
import { expect, test } from "vitest";
import { acquireLane } from "../../server/store/lanes.ts";
import { readResends } from "../../server/store/due-resends.ts";
import { markSent, readReady } from "../../server/store/ready-messages.ts";
import { queueResend } from "../../server/store/resend.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { newMessage } from "../support/messages.ts";
import { useRelay } from "./relay-fixture.ts";

const fixture = useRelay();
const LANE = 0;
const READ = { limit: 1000, maxBytes: 1 << 30 };
const SENT = 100_000;

interface PlanNode {
  "Node Type": string;
  "Index Name"?: string;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: PlanNode[];
}

/** The plan of the relay's own prepared statement, on its own connection, as it runs. */
async function planOf(client: pg.PoolClient): Promise<PlanNode> {
  await readReady(client, LANE, READ); // prepares it; and a scan marks what it finds dead
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE "read-ready" (${LANE}, ${READ.limit}, ${READ.maxBytes})`,
  );
  return rows[0]!["QUERY PLAN"][0].Plan;
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

const blocks = (plan: PlanNode) => plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];

test("reading a lane goes by its index alone, and costs the same after 100,000 messages were sent", async () => {
  const topic = await fixture.topic({ inBroker: false });
  const ready = Array.from({ length: READ.limit }, () => newMessage(topic, { lane: LANE }));
  const client = await fixture.database.hot.connect();
  try {
    const lease = await acquireLane(client, { lane: LANE, owner: "test", ttlMs: 600_000 });
    const markAll = async () => {
      for (;;) {
        const batch = await readReady(client, LANE, READ);
        if (batch.length === 0) return;
        const sent = batch.map((m, i) => ({ id: m.id, partition: 0, offset: BigInt(i) }));
        await markSent(client, { lane: LANE, epoch: lease!.epoch, progressOffset: 0n, sent });
      }
    };
    await insertReady(fixture.database.pool, ready);
    const fresh = await planOf(client);
    await markAll();
    await fixture.database.pool.query(
      `WITH fresh AS MATERIALIZED (SELECT uuidv7() AS id, n FROM generate_series(1, $1::int) AS n),
       content AS (
         INSERT INTO message (id, app_id, topic_id, lane, content_type, payload)
         SELECT id, $2, $3, $4, 'application/json', convert_to(repeat('x', 300), 'UTF8') FROM fresh)
       INSERT INTO message_state (id, app_id, topic_id, lane, state, ready_seq)
       SELECT id, $2, $3, $4, 'READY', nextval('message_ready_seq') FROM fresh ORDER BY n`,
      [SENT, topic.appId, topic.topicId, LANE],
    );
    await markAll();
    await insertReady(
      fixture.database.pool,
      Array.from({ length: READ.limit }, () => newMessage(topic, { lane: LANE })),
    );
    const later = await planOf(client);

    for (const plan of [fresh, later]) {
      const nodes = nodesOf(plan);
      expect(nodes.some((n) => n["Index Name"]?.includes("lane_ready_seq") ?? false)).toBe(true);
      const forbidden = nodes.filter((n) => /^(Seq|Bitmap|Sort|Hash|Merge Join)/.test(n["Node Type"]));
      expect(forbidden.map((n) => n["Node Type"])).toEqual([]);
    }
    expect(blocks(later)).toBeLessThan(blocks(fresh) * 2);
  } finally {
    client.release();
  }
}, 120_000);

test("reading what is to be sent again goes by its own index, and an empty queue costs next to nothing", async () => {
  const topic = await fixture.topic({ inBroker: false });
  const client = await fixture.database.hot.connect();
  const plan = async () => {
    await readResends(client, LANE, READ);
    const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE "read-resends" (${LANE}, ${READ.limit}, ${READ.maxBytes}, 9223372036854775807)`,
    );
    return rows[0]!["QUERY PLAN"][0].Plan;
  };
  try {
    const empty = await plan();
    expect(blocks(empty)).toBeLessThan(4);
    const messages = Array.from({ length: 300 }, () => newMessage(topic, { lane: LANE }));
    await insertReady(fixture.database.pool, messages);
    const lease = await acquireLane(client, { lane: LANE, owner: "test", ttlMs: 600_000 });
    const sent = messages.map((m, i) => ({ id: m.id, partition: 0, offset: BigInt(i) }));
    await markSent(client, { lane: LANE, epoch: lease!.epoch, progressOffset: 1n, sent });
    for (const { id } of messages)
      await queueResend(fixture.database.pool, { messageId: id, askedBy: "test", reason: null });
    const full = await plan();
    for (const found of [empty, full]) {
      const nodes = nodesOf(found);
      expect(nodes.some((n) => n["Index Name"] === "resend_ready_idx")).toBe(true);
      const forbidden = nodes.filter((n) => /^(Seq|Bitmap|Sort|Hash|Merge Join)/.test(n["Node Type"]));
      expect(forbidden.map((n) => n["Node Type"])).toEqual([]);
    }
  } finally {
    client.release();
  }
});
