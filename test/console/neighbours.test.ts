import { expect, test } from "vitest";
import { insertReady } from "../../server/store/store-messages.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { contextOf, operatorWith } from "./console-context.ts";

const database = useDatabase();
const neighboursOf = (id: string) =>
  createCaller(contextOf(database.pool, operatorWith("viewer"))).messages.neighbours({ id });

test("messages about the same business object are beside it, of every app, newest first, and of many the first", async () => {
  const orders = await declare(database.pool);
  const billing = await declare(database.pool, { app: "billing" });
  const own = newMessage(orders, { businessKey: "o-7" });
  const invoice = newMessage(billing, { businessKey: "o-7", type: "invoice" });
  const other = newMessage(orders, { businessKey: "o-8" });
  await insertReady(database.pool, [own, invoice, other, newMessage(orders)]);
  expect(await neighboursOf(own.id)).toMatchObject({
    items: [{ id: invoice.id, app: "billing", type: "invoice", state: "READY" }],
    more: false,
  });
  expect(await neighboursOf(other.id)).toEqual({ items: [], more: false });

  const later = Array.from({ length: 7 }, () => newMessage(orders, { businessKey: "o-7" }));
  await insertReady(database.pool, later);
  const { items, more } = await neighboursOf(own.id);
  const newest = later.map(({ id }) => id).toSorted((a, b) => (a < b ? 1 : -1));
  expect(items.map(({ id }) => id)).toEqual(newest.slice(0, 5));
  expect(more).toBe(true);
});

test("a message without a business key, or none at all, has none", async () => {
  const orders = await declare(database.pool);
  const message = newMessage(orders);
  await insertReady(database.pool, [message]);
  expect(await neighboursOf(message.id)).toEqual({ items: [], more: false });
  expect(await neighboursOf(newMessage(orders).id)).toEqual({ items: [], more: false });
});
