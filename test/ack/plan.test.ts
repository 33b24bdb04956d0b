import type pg from "pg";
import { expect, test } from "vitest";
import { ackFlush } from "../../server/services/acks/ack-flush.ts";
import { consumeBelow } from "../../server/store/consume-by-offset.ts";
import { useDatabase } from "../support/database.ts";
import { given, item, mark } from "./ack-fixture.ts";

const db = useDatabase();

interface PlanNode {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Join Filter"?: number;
  Plans?: PlanNode[];
}

const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** The plan of a prepared statement, on the connection that has prepared it, as it runs; then undone. */
async function planOf(client: pg.PoolClient, statement: string): Promise<PlanNode[]> {
  await client.query("BEGIN");
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE ${statement}`,
  );
  await client.query("ROLLBACK");
  return nodesOf(rows[0]!["QUERY PLAN"][0].Plan);
}

/** Rows that were looked at and thrown away: what a plan without the right index does. */
const wasted = (nodes: readonly PlanNode[]): number =>
  nodes.reduce(
    (sum, n) =>
      sum +
      ((n["Rows Removed by Filter"] ?? 0) + (n["Rows Removed by Join Filter"] ?? 0)) * n["Actual Loops"],
    0,
  );

test("a flush of acks goes by keys alone: no table is read through, no list is joined to itself", async () => {
  const made = await given(db, [{ name: "a" }, { name: "b" }], 1200);
  await mark(db, made.messages);
  await db.pool.query("ANALYZE message_state, delivery, subscription");
  const client = await db.hot.connect();
  try {
    const flush = made.messages.slice(0, 400).map(({ id }) => ({ ...item(id, "a"), appId: null }));
    await ackFlush(client, flush);
    const ids = made.messages.slice(500, 900).map(({ id }) => id);
    const nodes = await planOf(
      client,
      `"ack-deliveries" ('{${ids.join()}}', '{${ids.map(() => "a").join()}}', '{${ids.map(() => "NULL").join()}}', '{${ids.map(() => "NULL").join()}}')`,
    );
    const tables = nodes.filter(
      (n) => n["Node Type"].startsWith("Seq Scan") && n["Relation Name"] !== undefined,
    );
    expect(tables.map((n) => n["Relation Name"])).toEqual([]);
    // A handful each, such as the other subscription of the topic; a join of two lists would be 160,000.
    expect(wasted(nodes)).toBeLessThan(5 * 400);
  } finally {
    client.release();
  }
});

test("settling by offsets goes by the index that holds nothing else", async () => {
  const made = await given(db, [{ name: "o", ack: "offset", groupId: "plan" }], 1000);
  await mark(db, made.messages);
  await db.pool.query("ANALYZE message_state");
  const client = await db.hot.connect();
  try {
    expect(await consumeBelow(client, made.owner.topicId, [{ partition: 0, below: 600n }], 10_000)).toBe(600);
    const nodes = await planOf(client, `"consume-below" (${made.owner.topicId}, '{0}', '{900}', 1000)`);
    const indexes = nodes.flatMap((n) => n["Index Name"] ?? []);
    expect(indexes).toContainEqual(expect.stringContaining("topic_id_broker_partition"));
    expect(wasted(nodes)).toBeLessThan(100);
  } finally {
    client.release();
  }
});
