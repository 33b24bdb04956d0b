import { randomBytes } from "node:crypto";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Comparison } from "../../examples/shop/verify/compare-books.ts";
import type { Books } from "../../examples/shop/verify/read-books.ts";
import { freePort } from "../../local/ports.ts";
import { childrenOf, startTimeOf } from "../../local/process-info.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { buildBundles } from "../cli/run-command.ts";
import { useDatabase } from "../support/database.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { readAll } from "../relay/read-all.ts";
import { endPrograms, type Program, startProgram } from "./program.ts";
import { asAdmin, databaseUrl, dist, prepareStack, removeTopics, type Stack } from "./stack.ts";

const database = useDatabase();
const suffix = randomBytes(4).toString("hex");
const names = {
  SHOP_ORDERS_DATABASE: `shop_orders_${suffix}`,
  SHOP_SHIPPING_DATABASE: `shop_shipping_${suffix}`,
  SHOP_LEDGER_DATABASE: `shop_ledger_${suffix}`,
  SHOP_NOTICES_DATABASE: `shop_notices_${suffix}`,
};
const DEAD_LETTERS = "orders.created.shipping.dlq";
const TOPICS = ["orders.created", "orders.shipped", "orders.created.shipping.retry", DEAD_LETTERS];
const folder = mkdtempSync(join(tmpdir(), "surelay-shop-"));
let stack: Stack;
let shopEnv: Record<string, string>;
let shipping: pg.Pool;
let orders: pg.Pool;

beforeAll(async () => {
  await buildBundles();
  await removeTopics(...TOPICS);
  const [checkPort, noticesPort] = [await freePort(), await freePort()];
  stack = await prepareStack(database.url, {
    SURELAY_SOURCE_SHOP_SHIPPING: databaseUrl(names.SHOP_SHIPPING_DATABASE),
    SURELAY_COLLECT_LEASE_MS: "3000",
  });
  await stack.apply(topologyWith(checkPort, noticesPort));
  shopEnv = {
    ...names,
    SHOP_API_URL: stack.url,
    SHOP_DATABASE_URL: inject("postgresUrl"),
    SHOP_KAFKA_BROKERS: kafkaBootstrap(),
    SHOP_ORDERS_KEY: await stack.createKey("orders", "produce"),
    SHOP_CHECK_SECRET: await stack.secretOf("orders"),
    SHOP_CHECK_PORT: String(checkPort),
    SHOP_SHIPPING_KEY: await stack.createKey("shipping", "consume"),
    SHOP_NOTICES_SECRET: await stack.secretOf("orders.shipped/notices"),
    SHOP_NOTICES_PORT: String(noticesPort),
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
  await removeTopics(...TOPICS);
  rmSync(folder, { recursive: true });
});

/** The example's own topology, called on ports of its own, and asked soon. */
function topologyWith(checkPort: number, noticesPort: number): string {
  const example = join(projectRoot(), "examples/shop");
  cpSync(join(example, "orders.created.schema.json"), join(folder, "orders.created.schema.json"));
  const file = join(folder, "topology.yaml");
  const text = readFileSync(join(example, "topology.yaml"), "utf8");
  writeFileSync(
    file,
    text
      .replace(/127\.0\.0\.1:9001.*/, `127.0.0.1:${checkPort}/check\n    checkAfterSeconds: 1`)
      .replace("127.0.0.1:9002", `127.0.0.1:${noticesPort}`),
  );
  return file;
}

const startOrders = (limit: number) =>
  startProgram(dist("examples/shop/orders.mjs"), [], { ...shopEnv, SHOP_LIMIT: String(limit) });
/** The order service as `npm start` runs it, but that it dies every second or so. */
const startUnlucky = () =>
  startProgram(dist("examples/shop/keeper.mjs"), [], { ...shopEnv, SHOP_MISHAP_SECONDS: "1.5" });
/** A service that has no arguments: shipping, ledger, notices. */
const startService = (name: string) => startProgram(dist(`examples/shop/${name}.mjs`), [], shopEnv);

async function count(db: pg.Pool, query: string): Promise<number> {
  return (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${query}`)).rows[0]!.n;
}

async function reaches(what: string, figure: () => Promise<number>, least: number): Promise<void> {
  const reached = await waitUntil(async () => (await figure().catch(() => 0)) >= least, {
    // Mishaps happen by chance, and on a busy machine seldom.
    timeoutMs: 100_000,
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
  expect(ms).toBeLessThan(10_000);
  expect(service.output().trim().split("\n").length).toBeLessThan(20);
}

/** Runs the shop's own comparison, as a person would. */
async function verify(): Promise<Record<keyof Books, Record<keyof Comparison, number>>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [dist("examples/shop/verify.mjs"), "--json", "--wait", "30"],
    { env: { ...process.env, ...shopEnv } },
  );
  return JSON.parse(stdout) as Record<keyof Books, Record<keyof Comparison, number>>;
}

/** Messages of a topic by where they stand. */
const inStore = (topic: string, state: string) =>
  count(
    database.pool,
    `message_state s JOIN topic t ON t.id = s.topic_id WHERE t.name = '${topic}' AND s.state = '${state}'`,
  );
const checkBacks = (effect: string) => count(database.pool, `check_back WHERE effect = '${effect}'`);

const deliveries = (condition: string) =>
  count(
    database.pool,
    `delivery d JOIN subscription s ON s.id = d.subscription_id WHERE s.name = 'shipping' AND ${condition}`,
  );

it("ships, books and tells what was ordered, once, whoever is killed meanwhile", async () => {
  const waybills = () => count(shipping, "waybill");
  const placed = () => count(orders, "orders");
  let api = await stack.startApi();
  await stack.startWorker("relay");
  const starting = ["collect", "confirm", "recover", "ack", "notify"] as const;
  let workers = await Promise.all(starting.map((name) => stack.startWorker(name)));
  let services = ["shipping", "ledger", "notices"].map(startService);

  // Killed on purpose, again and again; what it leaves undecided is settled both ways.
  const keeper = startUnlucky();
  await keeper.says("the order service was killed");
  await reaches("waybills", waybills, 60);
  await reaches("confirmed by check-back", () => checkBacks("confirmed"), 1);
  await reaches("cancelled by check-back", () => checkBacks("cancelled"), 1);
  await Promise.all([...services, ...workers].map((program) => program.end("SIGKILL")));
  const before = await placed();
  await reaches("orders without the others", placed, before + 30);
  workers = await Promise.all(starting.map((name) => stack.startWorker(name)));
  services = ["shipping", "ledger", "notices"].map(startService);
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
  const settled = async () =>
    (await inStore("orders.created", "PREPARED")) === 0 &&
    (await deliveries("d.state IN ('PENDING', 'WAITING')")) === 0;
  expect(await waitUntil(settled, { timeoutMs: 60_000 })).toBe(true);
  const books = await verify();
  const none = { lost: 0, doubled: 0, phantom: 0 };
  const { due, done, dead } = books.shipping;
  expect(books).toEqual({
    shipping: { due, done: due - dead, dead, ...none },
    ledger: { due, done: due, dead: 0, ...none },
    notices: { due: done, done, dead: 0, ...none },
  });
  expect(due).toBeGreaterThan(200);

  // Some could not be shipped: they are dead, each with its letter, and known by what went wrong.
  expect(dead).toBeGreaterThan(0);
  expect(await deliveries("d.state = 'DEAD'")).toBe(dead);
  expect(await deliveries("d.state = 'ACKED' AND d.attempt > 1")).toBeGreaterThan(0);
  const groups = await database.pool.query<{ error_type: string }>("SELECT error_type FROM failure_group");
  expect(groups.rows.map((row) => row.error_type)).toEqual(
    expect.arrayContaining(["CarrierTimeout", "UndeliverableAddress"]),
  );
  await reaches(
    "dead letters",
    () => count(database.pool, "delivery_attempt WHERE kind = 'dead_lettered'"),
    dead,
  );
  expect(await readAll(DEAD_LETTERS, kafkaBootstrap())).toHaveLength(dead);

  // Every shipment was told of once, and the store agrees with both.
  await reaches("told of", () => inStore("orders.shipped", "CONSUMED"), done);
  expect(await inStore("orders.shipped", "CONSUMED")).toBe(done);
  const emptied = async () => (await count(shipping, "surelay_outbox")) === 0;
  expect(await waitUntil(emptied, { timeoutMs: 20_000 })).toBe(true);
  await reaches("consumed by all", () => inStore("orders.created", "CONSUMED"), done);
  expect(await inStore("orders.created", "SENT")).toBe(dead);
  expect(await inStore("orders.created", "CANCELLED")).toBeGreaterThan(0);

  await endsInOrder(ordersService);
  for (const service of services) await endsInOrder(service);
  for (const worker of [...workers, api]) expect((await worker.end("SIGTERM")).code).toBe(0);
}, 300_000);

it("takes its order service along when the keeper is killed", async () => {
  const keeper = startProgram(dist("examples/shop/keeper.mjs"), [], {
    ...shopEnv,
    SHOP_MISHAP_SECONDS: "600",
  });
  await keeper.says('"started"');
  const [service] = childrenOf(keeper.pid);
  await keeper.end("SIGKILL");
  expect(await waitUntil(() => startTimeOf(service!) === null, { timeoutMs: 20_000 })).toBe(true);
});

it("says what is missing in its settings", async () => {
  const service = startProgram(dist("examples/shop/orders.mjs"), [], {});
  expect(await service.ended).toBe(1);
  expect(service.output()).toMatch(
    /^Set SHOP_API_URL, SHOP_ORDERS_KEY, SHOP_CHECK_SECRET, SHOP_DATABASE_URL;/,
  );
});
