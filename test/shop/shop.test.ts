import { randomBytes } from "node:crypto";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Comparison } from "../../examples/shop/verify/compare-books.ts";
import { freePort } from "../../local/ports.ts";
import { childrenOf, startTimeOf } from "../../local/process-info.ts";
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
const folder = mkdtempSync(join(tmpdir(), "surelay-shop-"));
let stack: Stack;
let shopEnv: Record<string, string>;
let shipping: pg.Pool;
let orders: pg.Pool;

beforeAll(async () => {
  await buildBundles();
  await removeTopics("orders.created", "orders.shipped");
  const checkPort = await freePort();
  stack = await prepareStack(database.url, {
    SURELAY_SOURCE_SHOP_SHIPPING: databaseUrl(names.SHOP_SHIPPING_DATABASE),
    SURELAY_COLLECT_LEASE_MS: "3000",
  });
  await stack.apply(topologyWith(checkPort));
  shopEnv = {
    ...names,
    SHOP_API_URL: stack.url,
    SHOP_DATABASE_URL: inject("postgresUrl"),
    SHOP_KAFKA_BROKERS: kafkaBootstrap(),
    SHOP_ORDERS_KEY: await stack.createKey("orders", "produce"),
    SHOP_CHECK_SECRET: await stack.secretOf("orders"),
    SHOP_CHECK_PORT: String(checkPort),
    SHOP_RATE: "100",
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
  rmSync(folder, { recursive: true });
});

/** The example's own topology, asked on a port of its own and soon. */
function topologyWith(checkPort: number): string {
  const example = join(projectRoot(), "examples/shop");
  cpSync(join(example, "orders.created.schema.json"), join(folder, "orders.created.schema.json"));
  const file = join(folder, "topology.yaml");
  const text = readFileSync(join(example, "topology.yaml"), "utf8");
  writeFileSync(
    file,
    text.replace(/127\.0\.0\.1:9001.*/, `127.0.0.1:${checkPort}/check\n    checkAfterSeconds: 1`),
  );
  return file;
}

const startOrders = (limit: number) =>
  startProgram(dist("examples/shop/orders.mjs"), [], { ...shopEnv, SHOP_LIMIT: String(limit) });
/** The order service as `npm start` runs it, but that it dies every second or so. */
const startUnlucky = () =>
  startProgram(dist("examples/shop/keeper.mjs"), [], { ...shopEnv, SHOP_MISHAP_SECONDS: "1.5" });
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

/** Messages of a topic by where they stand. */
const inStore = (topic: string, state: string) =>
  count(
    database.pool,
    `message_state s JOIN topic t ON t.id = s.topic_id WHERE t.name = '${topic}' AND s.state = '${state}'`,
  );
const checkBacks = (effect: string) => count(database.pool, `check_back WHERE effect = '${effect}'`);

it("ships what was ordered, once, whoever is killed meanwhile", async () => {
  const waybills = () => count(shipping, "waybill");
  const placed = () => count(orders, "orders");
  let api = await stack.startApi();
  await stack.startWorker("relay");
  let collect = await stack.startWorker("collect");
  let confirm = await stack.startWorker("confirm");
  let shippingService = startShipping();

  // Killed on purpose, again and again; what it leaves undecided is settled both ways.
  const keeper = startUnlucky();
  await keeper.says("the order service was killed");
  await reaches("waybills", waybills, 60);
  await reaches("confirmed by check-back", () => checkBacks("confirmed"), 1);
  await reaches("cancelled by check-back", () => checkBacks("cancelled"), 1);
  await shippingService.end("SIGKILL");
  await confirm.end("SIGKILL");
  await collect.end("SIGKILL");
  const before = await placed();
  await reaches("orders without the others", placed, before + 30);
  [collect, confirm] = await Promise.all([stack.startWorker("collect"), stack.startWorker("confirm")]);
  shippingService = startShipping();
  expect((await keeper.end("SIGTERM")).code).toBe(0);

  // The same service without its mishaps outlives what happens to others.
  let ordersService = startOrders(100_000);
  const again = await placed();
  await reaches("orders after the kills", placed, again + 30);
  await loseConnections();
  await ordersService.says('"trouble"');
  await reaches("orders after lost connections", placed, again + 60);
  await api.end("SIGKILL");
  api = await stack.startApi();
  const back = await placed();
  await reaches("orders after the API's kill", placed, back + 40);
  await endsInOrder(ordersService);

  ordersService = startOrders(5);
  await ordersService.says('"no more orders"');
  const settled = async () => (await inStore("orders.created", "PREPARED")) === 0;
  expect(await waitUntil(settled, { timeoutMs: 60_000 })).toBe(true);
  const books = await verify();
  expect(books).toEqual({ orders: books.orders, waybills: books.orders, lost: 0, doubled: 0, phantom: 0 });
  expect(books.orders).toBeGreaterThan(200);

  // Every shipment was told of once, and the store agrees with both.
  await reaches("told of", () => inStore("orders.shipped", "SENT"), books.waybills);
  expect(await inStore("orders.shipped", "SENT")).toBe(books.waybills);
  const emptied = async () => (await count(shipping, "surelay_outbox")) === 0;
  expect(await waitUntil(emptied, { timeoutMs: 5000 })).toBe(true);
  expect(await inStore("orders.created", "SENT")).toBe(books.orders);
  expect(await inStore("orders.created", "CANCELLED")).toBeGreaterThan(0);

  await endsInOrder(ordersService);
  await endsInOrder(shippingService);
  for (const worker of [confirm, collect, api]) expect((await worker.end("SIGTERM")).code).toBe(0);
}, 180_000);

it("takes its order service along when the keeper is killed", async () => {
  const keeper = startProgram(dist("examples/shop/keeper.mjs"), [], {
    ...shopEnv,
    SHOP_MISHAP_SECONDS: "600",
  });
  await keeper.says('"started"');
  const [service] = childrenOf(keeper.pid);
  await keeper.end("SIGKILL");
  expect(await waitUntil(() => startTimeOf(service!) === null, { timeoutMs: 5000 })).toBe(true);
});

it("says what is missing in its settings", async () => {
  const service = startProgram(dist("examples/shop/orders.mjs"), [], {});
  expect(await service.ended).toBe(1);
  expect(service.output()).toMatch(
    /^Set SHOP_API_URL, SHOP_ORDERS_KEY, SHOP_CHECK_SECRET, SHOP_DATABASE_URL;/,
  );
});
