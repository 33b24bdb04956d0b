import { beforeAll, describe, expect, test } from "vitest";
import { cancelMessages } from "../../server/store/cancel-messages.ts";
import { insertPrepared, insertReady } from "../../server/store/store-messages.ts";
import { upsertTopic } from "../../server/store/topics.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { contextOf, operatorWith } from "./console-context.ts";

const database = useDatabase();
const as = (role: string) => createCaller(contextOf(database.pool, operatorWith(role)));
const everything = { states: [], topic: null, before: null, limit: 10 };
let orders: { appId: number; topicId: number; topic: string };

beforeAll(async () => {
  orders = await declare(database.pool);
});

describe("the list", () => {
  test("pages over every message once, newest first, by cursor", async () => {
    const stored = Array.from({ length: 25 }, () => newMessage(orders));
    await insertReady(database.pool, stored);
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const page = await as("viewer").messages.list({ ...everything, before });
      seen.push(...page.items.map((item) => item.id));
      before = page.nextBefore;
    } while (before !== null);
    expect(seen).toEqual(
      stored
        .map((m) => m.id)
        .toSorted()
        .toReversed(),
    );
  });

  test("filters by state and topic; a topic that does not exist has no messages", async () => {
    const invoices = await declare(database.pool, { topic: "invoices.issued" });
    const [kept, cancelled] = [newMessage(invoices), newMessage(invoices)];
    await insertPrepared(database.pool, [kept, cancelled]);
    await cancelMessages(database.pool, [{ id: cancelled.id, appId: invoices.appId }], "producer");
    const list = async (filter: object) =>
      (await as("viewer").messages.list({ ...everything, ...filter })).items.map((item) => item.id);
    expect(await list({ topic: "invoices.issued", states: ["CANCELLED"] })).toEqual([cancelled.id]);
    expect(await list({ topic: "invoices.issued" })).toHaveLength(2);
    expect(await list({ topic: "nothing.there" })).toEqual([]);
    expect(
      await as("viewer").messages.states({
        messages: [kept, cancelled].map(({ id, appId }) => ({ id, appId })),
      }),
    ).toEqual(
      new Map([
        [kept.id, "PREPARED"],
        [cancelled.id, "CANCELLED"],
      ]),
    );
  });
});

describe("a message", () => {
  test("comes with its payload as stored, cut for display and whole as a size", async () => {
    const payload = Buffer.alloc(100_000, 0xfe);
    const message = newMessage(orders, { payload, headers: '{"tenant":"north"}' });
    await insertReady(database.pool, [message]);
    const shown = await as("viewer").messages.payload({ id: message.id.toUpperCase() });
    expect(Buffer.from(shown.base64!, "base64").equals(payload.subarray(0, 65_536))).toBe(true);
    expect(shown).toMatchObject({ bytes: 100_000, headers: { tenant: "north" } });
    const read = await as("viewer").messages.read({ id: message.id });
    expect(read).toMatchObject({ app: "orders", topic: "orders.created", state: "READY", masked: false });
  });

  test("of a masked topic shows neither payload nor headers, unless asked for by who may, on the record", async () => {
    const topic = await upsertTopic(database.pool, {
      name: "salaries",
      partitions: 1,
      schema: null,
      masked: true,
    });
    const message = newMessage(
      { ...orders, topicId: topic.id, topic: "salaries" },
      { payload: Buffer.from("4200"), headers: '{"employee":"7"}' },
    );
    await insertReady(database.pool, [message]);
    const { id } = message;
    expect(await as("admin").messages.payload({ id })).toMatchObject({ base64: null, headers: null });
    expect((await as("admin").messages.read({ id })).headers).toBeNull();
    await expect(as("viewer").messages.unmask({ id })).rejects.toMatchObject({ code: "FORBIDDEN" });
    const shown = await as("operator").messages.unmask({ id });
    expect(Buffer.from(shown.base64!, "base64").toString()).toBe("4200");
    expect(shown.headers).toEqual({ employee: "7" });
    const { rows } = await database.pool.query(
      "SELECT actor_name, action FROM audit_log WHERE target_id = $1",
      [id],
    );
    expect(rows).toEqual([{ actor_name: "night-shift", action: "message.unmask" }]);
  });
});
