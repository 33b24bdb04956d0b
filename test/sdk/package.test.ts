import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { waitUntil } from "../../local/wait-until.ts";
import { secretText, signWebhook } from "../../sdk/contract/webhook-signature.ts";
import { newMessageId } from "../../sdk/producer/index.ts";
import { useApi } from "../api/use-api.ts";
import { barrierDdl } from "./business-tables.ts";
import { useStranger } from "./use-stranger.ts";

const api = useApi();
const stranger = useStranger("surelay-producer");
const { folder, run, compile } = stranger;

test("it brings no dependency along, and no source", () => {
  expect(stranger.manifest().dependencies).toBeUndefined();
  stranger.holdContents([
    "README.md",
    "LICENSE",
    "sql/barrier.mysql.sql",
    "sql/outbox.postgresql.sql",
    "esm/producer/index.d.ts",
  ]);
});

test("every entry loads as ES module and as CommonJS, and both offer the same", async () => {
  const [main] = await stranger.loadEntries([
    "",
    "/outbox",
    "/pg",
    "/prisma",
    "/drizzle",
    "/knex",
    "/typeorm",
    "/mysql2",
  ]);
  expect(main).toContain("Producer");
});

test("types are found from both kinds of module", async () => {
  const code = (importing: string) => `${importing}
    interface Topics { "orders.created": { number: string } }
    const surelay = new Producer<Topics>({ url: "http://127.0.0.1:4000", key: "k" });
    const transact = surelay.transactIn(pgDatabase(new Pool()));
    export async function place(): Promise<number> {
      return await transact({ topic: "orders.created", payload: { number: "A-1" } }, async (tx, id) => {
        await tx.query("SELECT $1", [id]);
        return 7;
      });
    }
    // @ts-expect-error: no such topic
    void surelay.send({ topic: "orders.made", payload: {} });
    // @ts-expect-error: no such payload
    void surelay.send({ topic: "orders.created", payload: { number: 7 } });`;
  const imports = `import { Producer } from "surelay-producer"; import { pgDatabase } from "surelay-producer/pg"; import { Pool } from "pg";`;
  expect(await compile(code(imports))).toBe("");
});

test("the command prints the tables, for either dialect", async () => {
  const bin = "node_modules/surelay-producer/esm/producer/command.js";
  expect(existsSync(join(folder, "node_modules/.bin/surelay-producer"))).toBe(true);
  for (const dialect of ["postgresql", "mysql"] as const) {
    expect(await run([bin, "ddl", "--dialect", dialect])).toContain(barrierDdl(dialect).trim());
    expect(await run([bin, "ddl", "--dialect", dialect, "--table", "barrier"])).toBe(barrierDdl(dialect));
  }
  for (const wrong of [
    [],
    ["ddl"],
    ["ddl", "--dialect", "oracle"],
    ["ddl", "--dialect", "mysql", "--table", "x"],
  ])
    await expect(run([bin, ...wrong])).rejects.toMatchObject({ code: 2 });
});

test("the README's service works as it stands there, check-back included", async () => {
  const readme = readFileSync(join(folder, "node_modules/surelay-producer/README.md"), "utf8");
  const [, code] = /```js file=orders\.mjs\n([\s\S]*?)```/.exec(readme)!;
  writeFileSync(join(folder, "orders.mjs"), code!);
  writeFileSync(
    join(folder, "use.mjs"),
    `import { placeOrder, server, stop } from "./orders.mjs";
     await placeOrder({ number: "A-1", customerId: "C-1", totalCents: 100 });
     const again = await placeOrder({ number: "A-1", customerId: "C-1", totalCents: 100 }).catch((e) => e.code);
     const { id, headers, body } = JSON.parse(process.env.QUESTION);
     const answer = await fetch("http://127.0.0.1:" + server.address().port + "/check", { method: "POST", headers, body });
     console.log(JSON.stringify({ again, status: answer.status, answer: await answer.json() }));
     await stop();`,
  );
  const business = new pg.Client({ connectionString: api.database.url });
  await business.connect();
  await business.query(barrierDdl("postgresql"));
  await business.query("CREATE TABLE orders (number text PRIMARY KEY, total_cents integer NOT NULL)");
  await business.end();
  const secret = secretText(Buffer.alloc(32, 7));
  const id = newMessageId();
  const body = JSON.stringify({
    messageId: id,
    businessKey: null,
    topic: "orders.created",
    type: null,
    attempt: 1,
  });
  const headers = {
    ...signWebhook({ id, timestamp: Math.floor(Date.now() / 1000), body, secrets: [secret] }),
  };
  const output = await run(["use.mjs"], {
    DATABASE_URL: api.database.url,
    SHOP_SURELAY_URL: `http://127.0.0.1:${api.port}`,
    SHOP_SURELAY_KEY: api.client.key,
    SHOP_CHECK_SECRET: secret,
    PORT: "0",
    QUESTION: JSON.stringify({ id, headers, body }),
  });
  expect(JSON.parse(output)).toEqual({ again: "23505", status: 200, answer: { outcome: "rolled_back" } });
  const states = async () => {
    const { body: page } = await api.client.call("/v1/messages?businessKey=A-1");
    return (page.items as { state: string }[]).map((item) => item.state).sort();
  };
  await waitUntil(async () => !(await states()).includes("PREPARED"), { timeoutMs: 20_000 });
  expect(await states()).toEqual(["CANCELLED", "READY"]);
});
