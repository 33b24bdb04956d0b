import { beforeAll, describe, expect, test } from "vitest";
import { cancelMessages } from "../../server/store/cancel-messages.ts";
import { BACKLOG_KINDS, countBacklog } from "../../server/store/count-backlog.ts";
import { insertPrepared, insertReady } from "../../server/store/store-messages.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { contextOf, operatorWith } from "./console-context.ts";

const database = useDatabase();
const { list, counts, filterNames } = (() => {
  const messages = () => createCaller(contextOf(database.pool, operatorWith("viewer"))).messages;
  const everything = { states: [], topic: null, before: null, limit: 50 };
  return {
    list: async (filter: object) =>
      (await messages().list({ ...everything, ...filter })).items.map((item) => item.id),
    counts: (scope: object = {}) => messages().counts(scope),
    filterNames: () => messages().filterNames(),
  };
})();
let orders: { appId: number; topicId: number; topic: string };
let invoices: { appId: number; topicId: number; topic: string };

beforeAll(async () => {
  orders = await declare(database.pool);
  invoices = await declare(database.pool, { app: "billing", topic: "invoices.issued" });
});

describe("the list's filters", () => {
  test("by app, key and business key; an app that does not exist has no messages", async () => {
    const a = newMessage(orders, { key: "k-1", businessKey: "b-1" });
    const b = newMessage(orders, { key: "k-1", businessKey: "b-2" });
    const c = newMessage(invoices, { key: "k-1", businessKey: "b-1" });
    await insertReady(database.pool, [a, b, c]);
    expect(new Set(await list({ key: "k-1" }))).toEqual(new Set([a.id, b.id, c.id]));
    expect(new Set(await list({ businessKey: "b-1" }))).toEqual(new Set([a.id, c.id]));
    expect(await list({ businessKey: "b-1", app: "billing" })).toEqual([c.id]);
    expect(await list({ businessKey: "b-2", key: "k-1", topic: orders.topic })).toEqual([b.id]);
    expect(await list({ app: "nobody" })).toEqual([]);
    expect(await list({ key: "K-1" })).toEqual([]);
  });

  test("by time: from and to, and the last so many seconds", async () => {
    const message = newMessage(orders, { key: "now" });
    await insertReady(database.pool, [message]);
    const at = (seconds: number) => new Date(Date.now() + seconds * 1000);
    expect(await list({ key: "now", from: at(-60), to: at(60) })).toEqual([message.id]);
    expect(await list({ key: "now", from: at(60) })).toEqual([]);
    expect(await list({ key: "now", to: at(-60) })).toEqual([]);
    expect(await list({ key: "now", withinSeconds: 60 })).toEqual([message.id]);
    expect(await list({ key: "now", withinSeconds: 60, to: at(-59) })).toEqual([]);
  });

  test("by being held", async () => {
    const [waiting, held] = [newMessage(orders, { key: "h" }), newMessage(orders, { key: "h" })];
    await insertReady(database.pool, [waiting, held]);
    await database.pool.query("UPDATE message_state SET held_at = now() WHERE id = $1", [held.id]);
    expect(await list({ key: "h", held: true })).toEqual([held.id]);
    expect(await list({ key: "h", held: false })).toHaveLength(2);
  });

  test("offers the names of apps and topics", async () => {
    expect(await filterNames()).toEqual({
      apps: ["billing", "orders"],
      topics: [
        { name: "invoices.issued", faulty: false },
        { name: orders.topic, faulty: false },
      ],
    });
  });
});

describe("the counts of what waits", () => {
  test("are exact below the cap, and follow app, topic and time", async () => {
    const before = (await counts())!;
    const [kept, cancelled, other] = [newMessage(orders), newMessage(orders), newMessage(invoices)];
    await insertPrepared(database.pool, [kept, cancelled, other]);
    await cancelMessages(database.pool, [{ id: cancelled.id, appId: orders.appId }], "producer");
    const prepared = async (scope: object = {}) => (await counts(scope))!.PREPARED;
    expect(await prepared()).toEqual({ count: before.PREPARED.count + 2, capped: false });
    expect(await prepared({ app: "billing" })).toEqual({ count: 1, capped: false });
    expect(await prepared({ topic: invoices.topic, withinSeconds: 60 })).toEqual({ count: 1, capped: false });
    expect(await prepared({ app: "billing", to: new Date(0) })).toEqual({ count: 0, capped: false });
    expect(await counts({ topic: "nothing.there" })).toBeNull();
  });

  test("say that there are more when they stop at the cap", async () => {
    const scope = { appId: invoices.appId };
    await insertPrepared(
      database.pool,
      Array.from({ length: 6 }, () => newMessage(invoices)),
    );
    const capped = (await countBacklog(database.pool, scope, 4)).PREPARED;
    expect(capped.capped).toBe(true);
    expect(capped.count).toBeLessThanOrEqual(4);
    const all = (await countBacklog(database.pool, { appId: null }, 1000)).PREPARED;
    expect(all.capped).toBe(false);
  });

  test.each(Object.entries(BACKLOG_KINDS))("find %s by a partial index", async (_kind, condition) => {
    const client = await database.pool.connect();
    try {
      // So few rows are read faster without any index; with many, this is what the planner does by itself.
      await client.query("SET enable_seqscan = off");
      const { rows } = await client.query<{ "QUERY PLAN": string }>(
        `EXPLAIN SELECT s.id, s.app_id, s.topic_id FROM message_state s WHERE ${condition} LIMIT 10001`,
      );
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/Index.* Scan/);
      expect(plan).not.toMatch(/Seq Scan|_pkey/);
    } finally {
      await client.query("RESET enable_seqscan");
      client.release();
    }
  });
});
