import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import pg from "pg";
import { waitUntil } from "../../local/wait-until.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { buildBundles } from "../cli/run-command.ts";
import { useDatabase } from "../support/database.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { endPrograms, startProgram } from "./program.ts";
import { asAdmin, databaseUrl, prepareStack, removeTopics, writeFile } from "./stack.ts";

const store = useDatabase();
const suffix = randomBytes(4).toString("hex");
const names = { orders: `guide_orders_${suffix}`, shipping: `guide_shipping_${suffix}` };
const folder = mkdtempSync(join(tmpdir(), "surelay-guide-"));
let env: Record<string, string>;

/** What somebody does who follows the guide, with a mishap each: a rollback, a lost confirm, a message handed over twice. */
const READER = `
import { v7 as uuidv7 } from "uuid";
import { confirmLeftovers, database as orders, placeOrder } from "./producer.mjs";
import { consume, database as shipping } from "./consumer.mjs";

const order = (number) => ({ number, customerId: "C-1", totalCents: 100 });
const shipped = async () =>
  (await shipping.query("SELECT order_number FROM shipment ORDER BY written_at")).rows.map((row) => row.order_number);
const until = async (condition) => {
  while (!(await condition())) await new Promise((resume) => setTimeout(resume, 20));
};

await placeOrder(order("A-1"));
const refused = await placeOrder(order("A-1")).then(() => "accepted", (error) => error.code);

// Committed, and the process died before the confirm.
const id = uuidv7();
await fetch(process.env.SURELAY_URL + "/v1/messages/prepare", {
  method: "POST",
  headers: { authorization: "Bearer " + process.env.SURELAY_KEY, "content-type": "application/json" },
  body: JSON.stringify({ id, topic: "orders.created", key: "C-1", payload: order("A-2") }),
});
await orders.query(
  "INSERT INTO orders (number, total_cents, message_id, placed_at) VALUES ('A-2', 100, $1, now() - interval '1 minute')",
  [id],
);
await confirmLeftovers();

const stop = await consume();
await until(async () => (await shipped()).includes("A-2"));
await stop();
const first = await shipped();

// Another group reads all of it again. One customer, so one partition: A-3 comes when the others have come again.
await placeOrder(order("A-3"));
const stopAgain = await consume({ groupId: "again" });
await until(async () => (await shipped()).includes("A-3"));
await stopAgain();
console.log("RESULT " + JSON.stringify({ refused, first, second: await shipped() }));
process.exit(0);
`;

beforeAll(async () => {
  await buildBundles();
  await removeTopics("orders.created", "orders.shipped");
  for (const [path, text] of codeOf("docs/integrate.md")) writeFile(join(folder, path), text);
  symlinkSync(join(projectRoot(), "node_modules"), join(folder, "node_modules"));
  for (const [which, name] of Object.entries(names)) {
    await asAdmin(`CREATE DATABASE ${name}`);
    const client = new pg.Client({ connectionString: databaseUrl(name) });
    await client.connect();
    await client.query(readFileSync(join(folder, `${which}.sql`), "utf8"));
    await client.end();
  }
  const stack = await prepareStack(store.url);
  await stack.apply(join(folder, "topology.yaml"));
  await Promise.all([stack.startApi(), stack.startRelay()]);
  env = {
    SURELAY_URL: stack.url,
    SURELAY_KEY: await stack.createKey("orders", "produce"),
    ORDERS_DATABASE_URL: databaseUrl(names.orders),
    SHIPPING_DATABASE_URL: databaseUrl(names.shipping),
    KAFKA_BROKERS: kafkaBootstrap(),
    KAFKAJS_NO_PARTITIONER_WARNING: "1",
  };
});

afterAll(async () => {
  await endPrograms();
  for (const name of Object.values(names)) await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await removeTopics("orders.created");
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
  await waitUntil(async () => (await states()).length === 2, { timeoutMs: 10_000 });
  expect(await states()).toEqual(["1 CANCELLED", "3 SENT"]);
});
