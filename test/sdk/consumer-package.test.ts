import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kafkaBootstrap } from "../support/kafka.ts";
import { useDatabase } from "../support/database.ts";
import { type AckReceiver, receiveAcks } from "./consumer/ack-receiver.ts";
import { inboxDdl } from "./consumer/inbox-tables.ts";
import { openTopics } from "./consumer/records.ts";
import { eventually } from "./consumer/use-consumers.ts";
import { useStranger } from "./use-stranger.ts";

const business = useDatabase();
const stranger = useStranger("surelay-consumer");
const { folder, installed, run } = stranger;
let receiver: AckReceiver;
beforeAll(async () => {
  receiver = await receiveAcks();
});
afterAll(() => receiver.stop());

test("it brings no dependency along but kafkajs, which its user installs, and no source", () => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = stranger.manifest();
  expect(dependencies).toBeUndefined();
  expect(Object.keys(peerDependencies!).filter((name) => !(name in peerDependenciesMeta!))).toEqual([
    "kafkajs",
  ]);
  stranger.holdContents(["README.md", "LICENSE", "sql/inbox.mysql.sql", "esm/consumer/index.d.ts"]);
});

test("every entry loads as ES module and as CommonJS, and both offer the same", async () => {
  const entries = ["", "/webhook", "/pg", "/prisma", "/drizzle", "/knex", "/typeorm", "/mysql2"];
  const [main] = await stranger.loadEntries(entries);
  expect(main).toEqual(
    expect.arrayContaining(["createConsumer", "pruneInbox", "RejectMessage", "RetryMessage"]),
  );
});

test("types are found from both kinds of module", async () => {
  const code = `import { createConsumer, RejectMessage } from "surelay-consumer";
    import { pgDatabase } from "surelay-consumer/pg";
    import { Pool, type PoolClient } from "pg";
    const consumer = createConsumer<PoolClient, { number: string }>({
      brokers: ["127.0.0.1:9092"],
      topic: "orders.created",
      subscription: "shipping",
      database: pgDatabase(new Pool()),
      ack: { url: "http://127.0.0.1:4000", key: "k" },
    });
    export async function run(): Promise<void> {
      await consumer.run(async (message, tx, { signal }) => {
        if (signal.aborted) throw new RejectMessage("late", { type: "Late" });
        await tx.query("SELECT $1", [message.payload.number.toUpperCase()]);
        // @ts-expect-error: no such field
        void message.payload.total;
      });
    }
    // @ts-expect-error: no way to acknowledge
    createConsumer({ brokers: [], topic: "t", subscription: "s", database: pgDatabase(new Pool()) });`;
  expect(await stranger.compile(code)).toBe("");
});

test("the command prints the tables, for either dialect", async () => {
  const bin = join(installed, "esm/consumer/command.js");
  expect(existsSync(join(folder, "node_modules/.bin/surelay-consumer"))).toBe(true);
  for (const dialect of ["postgresql", "mysql"] as const)
    expect(await run([bin, "ddl", "--dialect", dialect])).toBe(inboxDdl(dialect));
  const { stdout } = await promisify(execFile)(process.execPath, [bin, "--help"], { cwd: folder });
  expect(stdout).toContain("npx surelay-consumer ddl");
  await expect(run([bin, "ddl", "--dialect", "oracle"])).rejects.toMatchObject({ code: 2 });
});

test("the README's service works as it stands there", async () => {
  const topics = await openTopics("shipping");
  const readme = readFileSync(join(installed, "README.md"), "utf8");
  const [, code] = /```js file=shipping\.mjs\n([\s\S]*?)```/.exec(readme)!;
  writeFileSync(
    join(folder, "shipping.mjs"),
    code!.replace('"orders.created"', JSON.stringify(topics.topic)),
  );
  await business.pool.query(inboxDdl("postgresql"));
  await business.pool.query("CREATE TABLE waybills (order_number text NOT NULL, attempt integer NOT NULL)");
  const [good, bad] = await topics.send([{ key: "C-1", payload: { number: "A-1" } }, { payload: {} }]);
  const child = spawn(process.execPath, ["shipping.mjs"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      DATABASE_URL: business.url,
      SHOP_KAFKA_BROKERS: kafkaBootstrap(),
      SHOP_SURELAY_URL: receiver.url,
      SHOP_SURELAY_KEY: "k",
    },
  });
  const ended = new Promise((resolve) => child.once("exit", (status) => resolve(status)));
  try {
    await eventually(() => receiver.items.length === 2);
    expect(receiver.of(good!)[0]).toMatchObject({ outcome: "acked" });
    expect(receiver.of(bad!)[0]).toMatchObject({
      outcome: "rejected",
      error: { message: "an order without a number" },
    });
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(await topics.lag("shipping")).toBe(0);
    const { rows } = await business.pool.query("SELECT * FROM waybills");
    expect(rows).toEqual([{ order_number: "A-1", attempt: 1 }]);
  } finally {
    child.kill("SIGKILL");
    await topics.close();
  }
});
