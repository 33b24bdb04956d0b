import { beforeAll, describe, expect, test } from "vitest";
import { newMessageId } from "../../server/domain/message-id.ts";
import { insertPrepared, insertReady } from "../../server/store/store-messages.ts";
import { upsertTopic } from "../../server/store/topics.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { contextOf, operatorWith } from "./console-context.ts";

const database = useDatabase();
const as = (role: string) => createCaller(contextOf(database.pool, operatorWith(role)));
const ask = (q: string, more: object = {}) => ({
  q,
  zone: "Europe/Berlin",
  at: null,
  before: null,
  limit: 50,
  ...more,
});
const find = async (q: string) => {
  const page = await as("viewer").search.find(ask(q));
  expect(page).toMatchObject({ cut: false, nextBefore: null });
  return page.items.map((item) => item.id);
};
let [plain, keyed, secret] = ["", "", ""];

beforeAll(async () => {
  const orders = await declare(database.pool);
  const salaries = await upsertTopic(database.pool, {
    name: "salaries",
    partitions: 1,
    schema: null,
    masked: true,
  });
  const payload = Buffer.from('{"customer":{"id":9007199254740993},"items":[{"sku":"x"}]}');
  const messages = [
    newMessage(orders, { businessKey: "o-17", payload, type: "order created" }),
    newMessage(orders, { key: "o-17", payload: Buffer.from("{") }),
    newMessage({ ...orders, topicId: salaries.id, topic: "salaries" }, { payload, businessKey: "s-1" }),
  ];
  [plain, keyed, secret] = messages.map(({ id }) => id) as [string, string, string];
  await insertReady(database.pool, messages.slice(0, 1));
  await insertPrepared(database.pool, messages.slice(1));
});

describe("a search", () => {
  test("by each field, and by a word that may be an id, a business key or a key", async () => {
    expect(await find("o-17")).toEqual([keyed, plain]);
    expect(await find("business:o-17")).toEqual([plain]);
    expect(await find("key:o-17 state:prepared")).toEqual([keyed]);
    expect(await find('type:"order created" app:orders topic:orders.created')).toEqual([plain]);
    expect(await find(plain.toUpperCase())).toEqual([plain]);
    expect(await find(`id:${keyed}`)).toEqual([keyed]);
    expect(await find(`id:${keyed.slice(0, 8)}`)).toEqual([secret, keyed, plain]);
    expect(await find("last:5m")).toHaveLength(3);
    expect(await find("before:2020-01-01")).toEqual([]);
    expect(await find(`id:${newMessageId()}`)).toEqual([]);
    expect(await find("payload.customer.id=9007199254740993 payload.$.items[0].sku=x")).toEqual([plain]);
    expect(await find("payload.customer.id=9007199254740992")).toEqual([]);
  });

  test("says by what it finds, how much it looks at, and which names do not exist", async () => {
    const plan = (q: string) => as("viewer").search.plan({ q, zone: "UTC", at: null });
    expect(await plan("business:o-17")).toMatchObject({ source: "businessKey", exact: true, candidates: 1 });
    expect(await plan("topic:orders.created payload.a=1")).toMatchObject({
      source: "appTopic",
      exact: false,
      candidates: 2,
      masked: [],
    });
    expect(await plan("payload.a=1")).toMatchObject({
      source: "newest",
      candidates: 3,
      masked: ["salaries"],
    });
    expect(await plan("topic:nowhere")).toMatchObject({ unknown: { field: "topic", name: "nowhere" } });
    expect(await as("viewer").search.find(ask("app:nobody"))).toMatchObject({
      unknown: { field: "app", name: "nobody" },
      items: [],
    });
  });

  test("that cannot be understood is refused, with where; so is a zone that there is not", async () => {
    await expect(as("viewer").search.find(ask("topic:a topic:b"))).rejects.toMatchObject({
      code: "BAD_REQUEST",
      message: "The query cannot be understood at character 9.",
    });
    await expect(as("viewer").search.find(ask("a", { zone: "Mars/Olympus" }))).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
  });

  test("counts the payloads it could not read", async () => {
    const page = await as("viewer").search.find(ask("payload.customer.id=9007199254740993"));
    expect(page).toMatchObject({ notJson: 1, sealed: 1, scanned: 3, source: "newest" });
  });
});

describe("payloads of masked topics", () => {
  const q = "payload.customer.id=9007199254740993";
  const audit = async () =>
    (
      await database.pool.query(
        "SELECT actor_name, target_id, after FROM audit_log WHERE action = 'payload.search' ORDER BY id",
      )
    ).rows;

  test("are searched by who may read them, on the record, once for all steps", async () => {
    await expect(as("viewer").search.findUnmasked(ask(q))).rejects.toMatchObject({ code: "FORBIDDEN" });
    const first = await as("operator").search.findUnmasked(ask(q, { limit: 1 }));
    const rest = await as("operator").search.findUnmasked(ask(q, { limit: 1, before: first.nextBefore }));
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual([secret, plain]);
    expect(await audit()).toEqual([
      { actor_name: "night-shift", target_id: q, after: { topics: ["salaries"] } },
    ]);
  });

  test("cannot be searched off the record by beginning in the middle", async () => {
    const other = "topic:salaries payload.items[0].sku=x";
    const page = await as("admin").search.findUnmasked(
      ask(other, { before: "ffffffff-ffff-7fff-bfff-ffffffffffff" }),
    );
    expect(page.items).toHaveLength(1);
    expect((await audit()).at(-1)).toMatchObject({ target_id: other });
  });

  test("leave no entry when none is looked into", async () => {
    const before = (await audit()).length;
    await as("operator").search.findUnmasked(ask("business:s-1"));
    await as("operator").search.findUnmasked(ask("topic:orders.created payload.a=1"));
    expect(await audit()).toHaveLength(before);
  });
});
