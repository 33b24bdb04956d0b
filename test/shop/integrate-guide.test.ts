import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import pg from "pg";
import { freePort } from "../../local/ports.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { buildBundles } from "../cli/run-command.ts";
import { useDatabase } from "../support/database.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { endPrograms, startProgram } from "./program.ts";
import { asAdmin, databaseUrl, dist, prepareStack, removeTopics, writeFile } from "./stack.ts";

const store = useDatabase();
const suffix = randomBytes(4).toString("hex");
const names = { orders: `guide_orders_${suffix}`, shipping: `guide_shipping_${suffix}` };
const folder = mkdtempSync(join(tmpdir(), "surelay-guide-"));
const TOPICS = [
  "orders.created",
  "orders.paid",
  "orders.created.shipping.retry",
  "orders.created.shipping.dlq",
];
const execute = promisify(execFile);
let env: Record<string, string>;

/**
 * What somebody does who follows the guide, with a mishap each: a rollback, a lost confirm, a transaction that never began,
 * a message handed over twice.
 */
const READER = `
import { enterBarrier, newMessageId, Producer } from "surelay-producer";
import { database as orders, payOrder, placeOrder, stop as stopProducer } from "./producer.mjs";
import { consume, database as shipping } from "./consumer.mjs";

const url = process.env.SHOP_SURELAY_URL;
const key = process.env.SHOP_SURELAY_KEY;
const order = (number) => ({ number, customerId: "C-1", totalCents: 100 });
const shipped = async () =>
  (await shipping.query("SELECT order_number FROM shipment ORDER BY written_at")).rows.map((row) => row.order_number);
const stateOf = async (id) =>
  (await (await fetch(url + "/v1/messages/" + id, { headers: { authorization: "Bearer " + key } })).json()).state;
const until = async (condition) => {
  while (!(await condition())) await new Promise((resume) => setTimeout(resume, 20));
};

await placeOrder(order("A-1"));
const refused = await placeOrder(order("A-1")).then(() => "accepted", (error) => error.code);
await payOrder("A-1");

// Committed, and the process died before the confirm; prepared, and it died before the transaction.
const another = new Producer({ url, key });
const prepare = async (number) => {
  const id = newMessageId();
  await another.prepare({ id, topic: "orders.created", key: "C-1", payload: order(number), checkAfterSeconds: 1 });
  return id;
};
const never = await prepare("A-0");
const id = await prepare("A-2");
await orders.transaction(async (tx) => {
  await enterBarrier(orders, tx, [id]);
  await tx.query("INSERT INTO orders (number, total_cents, message_id) VALUES ('A-2', 100, $1)", [id]);
});

const stop = consume();
await until(async () => (await shipped()).includes("A-2"));
await until(async () => (await stateOf(never)) === "CANCELLED");
await stop();
const first = await shipped();

// Another group reads all of it again. One customer, so one partition: A-3 comes when the others have come again.
await placeOrder(order("A-3"));
const stopAgain = consume({ groupId: "again" });
await until(async () => (await shipped()).includes("A-3"));
await stopAgain();
console.log("RESULT " + JSON.stringify({ refused, first, second: await shipped() }));
await Promise.all([stopProducer(), another.close()]);
process.exit(0);
`;

beforeAll(async () => {
  await Promise.all([buildBundles(), buildSdk()]);
  await removeTopics(...TOPICS);
  const checkPort = String(await freePort());
  for (const [path, text] of codeOf("docs/integrate.md"))
    writeFile(join(folder, path), text.replaceAll("9001", checkPort));
  installPackages();
  const tables = { orders: await tablesOf("producer"), shipping: await tablesOf("consumer") };
  for (const which of ["orders", "shipping"] as const) {
    await asAdmin(`CREATE DATABASE ${names[which]}`);
    const client = new pg.Client({ connectionString: databaseUrl(names[which]) });
    await client.connect();
    await client.query(tables[which]);
    await client.query(readFileSync(join(folder, `${which}.sql`), "utf8"));
    await client.end();
  }
  const stack = await prepareStack(store.url, { SURELAY_SOURCE_ORDERS: databaseUrl(names.orders) });
  await stack.apply(join(folder, "topology.yaml"));
  await Promise.all([
    stack.startApi(),
    ...["relay", "confirm", "collect"].map((name) => stack.startWorker(name)),
  ]);
  env = {
    SHOP_SURELAY_URL: stack.url,
    SHOP_SURELAY_KEY: await stack.createKey("orders", "produce"),
    SHOP_CHECK_SECRET: await stack.secretOf("orders"),
    SHIPPING_SURELAY_KEY: await stack.createKey("shipping", "consume"),
    ORDERS_DATABASE_URL: databaseUrl(names.orders),
    SHIPPING_DATABASE_URL: databaseUrl(names.shipping),
    KAFKA_BROKERS: kafkaBootstrap(),
    KAFKAJS_NO_PARTITIONER_WARNING: "1",
  };
}, 120_000);

const buildSdk = () =>
  execute(process.execPath, [join(projectRoot(), "scripts/build.mjs"), "sdk", "--quiet"], {
    cwd: projectRoot(),
  });

/** As `npx surelay-<name> ddl --dialect postgresql` prints them. */
async function tablesOf(name: "producer" | "consumer"): Promise<string> {
  const command = dist(`sdk/${name}/esm/${name}/command.js`);
  return (await execute(process.execPath, [command, "ddl", "--dialect", "postgresql"])).stdout;
}

/** As `npm install surelay-producer surelay-consumer pg kafkajs` leaves them. */
function installPackages(): void {
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["pg", "kafkajs"])
    symlinkSync(join(projectRoot(), "node_modules", name), join(folder, "node_modules", name));
  for (const name of ["producer", "consumer"])
    symlinkSync(dist(`sdk/${name}`), join(folder, `node_modules/surelay-${name}`));
}

afterAll(async () => {
  await endPrograms();
  for (const name of Object.values(names)) await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await removeTopics(...TOPICS);
  rmSync(folder, { recursive: true });
});

/** The guide's code blocks that name a file. */
function codeOf(guide: string): Map<string, string> {
  const text = readFileSync(join(projectRoot(), guide), "utf8");
  return new Map([...text.matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms)].map((m) => [m[1]!, m[2]!]));
}

it("runs the code of the guide as it stands there", async () => {
  const reader = startProgram(writeFile(join(folder, "reader.mjs"), READER), [], env);
  await reader.says(/^RESULT /m, 50_000);
  const result: unknown = JSON.parse(/^RESULT (.*)$/m.exec(reader.output())![1]!);
  expect(result).toEqual({ refused: "23505", first: ["A-1", "A-2"], second: ["A-1", "A-2", "A-3"] });

  // The relay marks SENT right after the broker has committed, so a reader may be a moment ahead of it.
  const states = async () =>
    (
      await store.pool.query<{ state: string; n: number }>(
        "SELECT state::text, count(*)::int AS n FROM message_state GROUP BY 1 ORDER BY 1",
      )
    ).rows.map(({ state, n }) => `${n} ${state}`);
  const ended = ["2 CANCELLED", "3 CONSUMED", "1 SENT"]; // nobody subscribes to orders.paid
  await waitUntil(async () => (await states()).join() === ended.join(), { timeoutMs: 10_000 });
  expect(await states()).toEqual(ended);
});
