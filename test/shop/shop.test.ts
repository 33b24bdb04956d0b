import { randomBytes } from "node:crypto";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Comparison } from "../../examples/shop/verify/compare-books.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { buildBundles } from "../cli/run-command.ts";
import { useDatabase } from "../support/database.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { endPrograms, type Program, startProgram } from "./program.ts";
import { asAdmin, databaseUrl, dist, prepareStack, removeTopics, type Stack } from "./stack.ts";

const database = useDatabase();
const suffix = randomBytes(4).toString("hex");
const names = {
  SHOP_ORDERS_DATABASE: `shop_orders_${suffix}`,
  SHOP_SHIPPING_DATABASE: `shop_shipping_${suffix}`,
};
let stack: Stack;
let shopEnv: Record<string, string>;
let shipping: pg.Pool;
let orders: pg.Pool;

beforeAll(async () => {
  await buildBundles();
  await removeTopics("orders.created", "orders.shipped");
  stack = await prepareStack(database.url);
  await stack.apply(join(projectRoot(), "examples/shop/topology.yaml"));
  shopEnv = {
    ...names,
    SHOP_API_URL: stack.url,
    SHOP_DATABASE_URL: inject("postgresUrl"),
    SHOP_KAFKA_BROKERS: kafkaBootstrap(),
    SHOP_ORDERS_KEY: await stack.createKey("orders", "produce"),
    SHOP_SHIPPING_KEY: await stack.createKey("shipping", "produce,consume"),
    SHOP_RATE: "150",
  };
  const pool = (name: string) => {
    const made = new pg.Pool({ connectionString: databaseUrl(name), max: 2 });
    made.on("error", () => undefined);
    return made;
  };
  orders = pool(names.SHOP_ORDERS_DATABASE);
  shipping = pool(names.SHOP_SHIPPING_DATABASE);
});

afterAll(async () => {
  await endPrograms();
  await Promise.all([orders?.end(), shipping?.end()]);
  for (const name of Object.values(names)) await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await removeTopics("orders.created", "orders.shipped");
});

const startOrders = (limit: number) =>
  startProgram(dist("examples/shop/orders.mjs"), [], { ...shopEnv, SHOP_LIMIT: String(limit) });
const startShipping = () => startProgram(dist("examples/shop/shipping.mjs"), [], shopEnv);

async function count(db: pg.Pool, query: string): Promise<number> {
  return (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${query}`)).rows[0]!.n;
}

async function reaches(what: string, figure: () => Promise<number>, least: number): Promise<void> {
  const reached = await waitUntil(async () => (await figure().catch(() => 0)) >= least, {
    timeoutMs: 40_000,
  });
  if (!reached) throw new Error(`${what}: ${await figure()} instead of ${least}`);
}

/** What a restart of PostgreSQL is to its clients: every connection of the shop ends, whatever is under way on it. */
async function loseConnections(): Promise<void> {
  const list = Object.values(names)
    .map((name) => `'${name}'`)
    .join(", ");
  await asAdmin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN (${list})`);
}

/** Soon, without a fault, and without having filled a disk with its log. */
async function endsInOrder(service: Program): Promise<void> {
  const { code, ms } = await service.end("SIGTERM");
  expect(code).toBe(0);
  expect(ms).toBeLessThan(3000);
  expect(service.output().trim().split("\n").length).toBeLessThan(20);
}

/** Runs the shop's own comparison, as a person would. */
async function verify(): Promise<Record<keyof Comparison, number>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [dist("examples/shop/verify.mjs"), "--json", "--wait", "30"],
    { env: { ...process.env, ...shopEnv } },
  );
  return JSON.parse(stdout) as Record<keyof Comparison, number>;
}

it("ships what was ordered, once, whoever is killed meanwhile", async () => {
  const waybills = () => count(shipping, "waybill");
  let api = await stack.startApi();
  await stack.startRelay();
  let shippingService = startShipping();

  const placed = () => count(orders, "orders");
  let ordersService = startOrders(100_000);
  await reaches("waybills", waybills, 60);
  await shippingService.end("SIGKILL");
  await reaches("orders", placed, 150);
  await ordersService.end("SIGKILL"); // some orders are committed and not confirmed now

  const before = await placed();
  ordersService = startOrders(100_000);
  shippingService = startShipping();
  await reaches("orders after the kill", placed, before + 30);
  await loseConnections();
  await ordersService.says('"trouble"');
  await reaches("orders after lost connections", placed, before + 60);
  await api.end("SIGKILL");
  await ordersService.says("unreachable");
  api = await stack.startApi();
  await reaches("orders after the API's kill", placed, before + 100);
  await endsInOrder(ordersService);

  ordersService = startOrders(5);
  await ordersService.says('"no more orders"');
  const unconfirmed = "orders WHERE confirmed_at IS NULL AND NOT confirm_withheld";
  expect(await waitUntil(async () => (await count(orders, unconfirmed)) === 0, { timeoutMs: 30_000 })).toBe(
    true,
  );
  const books = await verify();
  expect(books).toMatchObject({ lost: 0, doubled: 0, phantom: 0, unconfirmed: 0 });
  expect(books.orders).toBeGreaterThan(200);
  expect(books.waybills).toBe(books.orders - books.withheld);

  // Every shipment was told of once, and the store agrees with both.
  const announced = () => count(shipping, "waybill WHERE announced_at IS NOT NULL");
  await reaches("announced", announced, books.waybills);
  const inStore = (topic: string, state: string) =>
    count(
      database.pool,
      `message_state s JOIN topic t ON t.id = s.topic_id WHERE t.name = '${topic}' AND s.state = '${state}'`,
    );
  await reaches("sent", () => inStore("orders.shipped", "SENT"), books.waybills);
  expect(await inStore("orders.shipped", "SENT")).toBe(books.waybills);
  expect(await inStore("orders.created", "SENT")).toBe(books.waybills);
  expect(await inStore("orders.created", "CANCELLED")).toBeGreaterThan(0);

  await endsInOrder(ordersService);
  await endsInOrder(shippingService);
  expect((await api.end("SIGTERM")).code).toBe(0);
}, 180_000);

it("says what is missing in its settings", async () => {
  const service = startProgram(dist("examples/shop/orders.mjs"), [], {});
  expect(await service.ended).toBe(1);
  expect(service.output()).toMatch(/^Set SHOP_API_URL, SHOP_ORDERS_KEY, SHOP_DATABASE_URL;/);
});
