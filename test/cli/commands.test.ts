import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyPassword } from "better-auth/crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { hashSecret, parseApiKey } from "../../server/auth/api-key-text.ts";
import { findApiKey } from "../../server/store/api-keys.ts";
import { useDatabase } from "../support/database.ts";
import { kafkaBootstrap, uniqueTopic } from "../support/kafka.ts";
import { buildBundles, runCommand } from "./run-command.ts";

const database = useDatabase();
const folder = mkdtempSync(join(tmpdir(), "surelay-cli-"));
beforeAll(buildBundles);
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: string[], input = "") =>
  runCommand(args, { DATABASE_URL: database.url, KAFKA_BROKERS: kafkaBootstrap() }, input);
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const audit = async (action: string) =>
  (
    await database.pool.query<{ actor_name: string; target_id: string }>(
      "SELECT actor_name, target_id FROM audit_log WHERE action = $1",
      [action],
    )
  ).rows;

describe("surelay apply", () => {
  const topic = uniqueTopic("cli");
  const text = (partitions: number) =>
    `apps:\n  - name: orders\ntopics:\n  - name: ${topic}\n    partitions: ${partitions}\n    schema: ./order.json\n`;
  beforeAll(() => file("order.json", `{ "type": "object" }`));

  it("plans, applies, and has nothing to do when it is repeated", async () => {
    const path = file("topology.yaml", text(2));
    const planned = await run(["apply", "-f", path, "--dry-run"]);
    expect(planned).toMatchObject({ code: 0, stderr: "" });
    expect(planned.stdout).toContain("3 to create, 0 to change, 0 unchanged. Nothing was done");

    const applied = await run(["apply", "-f", path]);
    expect(applied).toMatchObject({ code: 0, stderr: "" });
    expect(applied.stdout).toMatch(/topic in Kafka +cli\.\w+ +created +partitions 2/);
    expect((await run(["apply", "-f", path])).stdout).not.toMatch(/ (created|changed)/);
    expect(await audit("topic.create")).toEqual([
      { actor_name: expect.stringMatching(/^cli:./) as string, target_id: topic },
    ]);
  });

  it("names every fault with its line and does nothing", async () => {
    const path = file(
      "faulty.yaml",
      "apps:\n  - name: NO\ntopics:\n  - name: a\n    partitions: 0\n    subscriptions: [{ name: s, ack: fax }]\n",
    );
    const { code, stderr, stdout } = await run(["apply", "-f", path]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(`${path}:2:5: apps[0].name`);
    expect(stderr).toContain(`${path}:5:5: topics[0].partitions`);
    expect(stderr).toContain(`${path}:6:32: topics[0].subscriptions[0].ack`);
  });

  it("refuses a schema that is none, a file that is not there, and fewer partitions", async () => {
    const bad = file("bad.json", `{ "type": "objekt" }`);
    const path = file("schema.yaml", `topics:\n  - name: a\n    partitions: 1\n    schema: ${bad}\n`);
    expect((await run(["apply", "-f", path])).stderr).toMatch(/schema\.yaml:4:5: .*not a JSON Schema/);

    const missing = await run(["apply", "-f", join(folder, "none.yaml")]);
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/there is no such file/) as string,
    });

    const fewer = await run(["apply", "-f", file("fewer.yaml", text(1))]);
    expect(fewer.code).toBe(1);
    expect(fewer.stdout).toMatch(/impossible .*Kafka cannot take partitions away; write partitions: 2/);
    expect(fewer.stderr).toContain("nothing was changed");
  });

  it("says in words that the broker, the database, or the settings are missing", async () => {
    const path = file("one.yaml", "apps:\n  - name: orders\n");
    const noBroker = await runCommand(["apply", "-f", path], { DATABASE_URL: database.url });
    expect(noBroker).toMatchObject({ code: 1, stderr: expect.stringContaining("[no_broker]") as string });

    const noDatabase = await runCommand(["apply", "-f", path], { KAFKA_BROKERS: kafkaBootstrap() });
    expect(noDatabase).toMatchObject({ code: 1, stderr: expect.stringContaining("[no_database]") as string });

    const away = await runCommand(["apply", "-f", file("two.yaml", text(2))], {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: "127.0.0.1:1",
    });
    expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining("[broker_trouble]") as string });
    expect((await runCommand(["apply"])).code).toBe(2);
  });
});

describe("surelay keys", () => {
  it("prints the key alone on standard output, stores its hash only, and ends it", async () => {
    const made = await run([
      "keys",
      "create",
      "--app",
      "orders",
      "--scope",
      "produce,consume",
      "--note",
      "till 7",
      "--rate",
      "9",
    ]);
    expect(made.code).toBe(0);
    const parts = parseApiKey(made.stdout.trim());
    expect(parts).not.toBeNull();
    const stored = await findApiKey(database.pool, parts!.id);
    expect(stored).toMatchObject({ scopes: ["produce", "consume"], ratePerSecond: 9, revokedAt: null });
    expect(stored!.hash.equals(hashSecret(parts!.secret))).toBe(true);
    expect(await audit("api_key.create")).toMatchObject([{ target_id: parts!.id }]);

    const listed = await run(["keys", "list", "--app", "orders"]);
    expect(listed.stdout).toMatch(new RegExp(`${parts!.id} +orders +produce,consume +9/s .*till 7`));
    expect(listed.stdout).not.toContain(parts!.secret);

    expect((await run(["keys", "revoke", parts!.id])).stderr).toContain("is revoked");
    expect((await run(["keys", "revoke", made.stdout.trim()])).stderr).toContain("was revoked before");
    expect((await findApiKey(database.pool, parts!.id))!.revokedAt).not.toBeNull();
    expect(await audit("api_key.revoke")).toHaveLength(1);
  });

  it("prints JSON on request, and tells failures from wrong usage", async () => {
    const made = await run(["keys", "create", "--app", "orders", "--scope", "produce", "--json"]);
    expect(made.stderr).toBe("");
    expect(JSON.parse(made.stdout)).toMatchObject({ app: "orders", scopes: ["produce"] });

    expect(await run(["keys", "create", "--app", "nobody", "--scope", "produce"])).toMatchObject({
      code: 1,
      stdout: "",
    });
    expect((await run(["keys", "revoke", "nothing"])).code).toBe(1);
    expect((await run(["keys", "create", "--app", "orders", "--scope", "fly"])).code).toBe(2);
    expect((await run(["keys", "create", "--app", "orders"])).code).toBe(2);
  });
});

describe("surelay secrets", () => {
  const env = { SURELAY_SIGNING_SECRET: "a master secret of the tests, long enough" };

  it("prints the secret alone on standard output, replaces it, and leaves entries in the log", async () => {
    const given = { ...env, DATABASE_URL: database.url };
    const first = await runCommand(["secrets", "show", "--app", "orders"], given);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_\S{44}\n$/) as string });
    const rotated = await runCommand(["secrets", "rotate", "--app", "orders", "--json"], given);
    const made = JSON.parse(rotated.stdout) as { secret: string; version: number; overlapsUntil: string };
    expect(made).toMatchObject({
      app: "orders",
      version: 2,
      overlapsUntil: expect.stringMatching(/Z$/) as string,
    });
    const second = await runCommand(["secrets", "show", "--app", "orders"], given);
    expect([second.stdout.trim(), second.stdout === first.stdout]).toEqual([made.secret, false]);
    expect(await audit("app.show_secret")).toHaveLength(2);
    expect(await audit("app.rotate_secret")).toHaveLength(1);
  });

  it("knows webhook subscriptions as topic/name, and takes one of both", async () => {
    const given = { ...env, DATABASE_URL: database.url };
    await database.pool.query(
      `WITH main AS (INSERT INTO topic (name, partitions) VALUES ('secrets.created', 1) RETURNING id)
       INSERT INTO subscription (topic_id, name, ack, group_id, webhook_url)
       SELECT id, 'partner', 'webhook', 'partner', 'http://127.0.0.1:1/' FROM main`,
    );
    const of = ["--subscription", "secrets.created/partner"];
    const shown = await runCommand(["secrets", "show", ...of], given);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_\S{44}\n$/) as string });
    const rotated = await runCommand(["secrets", "rotate", ...of, "--json"], given);
    expect(JSON.parse(rotated.stdout)).toMatchObject({
      topic: "secrets.created",
      subscription: "partner",
      version: 2,
    });
    expect(await audit("subscription.show_secret")).toHaveLength(1);
    const nobody = await runCommand(["secrets", "show", "--subscription", "secrets.created/nobody"], given);
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining("[not_found]") as string });
    for (const wrong of [[], ["--app", "orders", ...of], ["--subscription", "partner"]])
      expect((await runCommand(["secrets", "show", ...wrong], given)).code).toBe(2);
  });

  it("says what is missing", async () => {
    expect(await run(["secrets", "show", "--app", "orders"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("[no_signing_secret]") as string,
    });
    const nobody = await runCommand(["secrets", "show", "--app", "nobody"], {
      ...env,
      DATABASE_URL: database.url,
    });
    expect(nobody).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("[not_found]") as string,
    });
  });
});

describe("surelay users", () => {
  const storedHash = async (username: string) =>
    (
      await database.pool.query<{ password: string }>(
        "SELECT a.password FROM auth_account a JOIN auth_user u ON u.id = a.user_id WHERE u.username = $1",
        [username],
      )
    ).rows[0]!.password;

  it("makes a password, or takes it from standard input, and replaces it", async () => {
    const made = await run(["users", "create", "--username", "lin", "--role", "operator"]);
    expect(made.code).toBe(0);
    expect(made.stdout.trim()).toMatch(/^[\w-]{20}$/);
    expect(await verifyPassword({ hash: await storedHash("lin"), password: made.stdout.trim() })).toBe(true);

    const reset = await run(
      ["users", "reset-password", "--username", "lin", "--password-stdin"],
      "a good long password\n",
    );
    expect(reset).toMatchObject({ code: 0, stdout: "" });
    expect(await verifyPassword({ hash: await storedHash("lin"), password: "a good long password" })).toBe(
      true,
    );
    expect(await audit("user.create")).toHaveLength(1);
    expect(await audit("user.reset_password")).toHaveLength(1);
  });

  it("tells failures from wrong usage", async () => {
    expect(await run(["users", "create", "--username", "lin", "--role", "viewer"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("already") as string,
    });
    expect((await run(["users", "create", "--username", "x y", "--role", "viewer"])).code).toBe(1);
    expect((await run(["users", "reset-password", "--username", "nobody"])).code).toBe(1);
    expect((await run(["users", "create", "--username", "kim", "--role", "king"])).code).toBe(2);
    expect(
      (await run(["users", "create", "--username", "kim", "--role", "viewer", "--password-stdin"], "")).code,
    ).toBe(1);
    expect(
      (await run(["users", "create", "--username", "kim", "--role", "viewer", "--password-stdin"], "short\n"))
        .code,
    ).toBe(1);
  });
});

describe("surelay migrate", () => {
  it("brings an empty database to this version, once", async () => {
    const admin = new pg.Client({ connectionString: inject("postgresUrl") });
    await admin.connect();
    const name = `migrate_${process.pid}`;
    await admin.query(`CREATE DATABASE ${name}`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    const migrate = (...args: string[]) => runCommand(["migrate", ...args], { DATABASE_URL: url.href });
    try {
      const keys = await runCommand(["keys", "list"], { DATABASE_URL: url.href });
      expect(keys).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("[migrations_pending]") as string,
      });
      expect((await migrate("--dry-run")).stdout).toMatch(/^to be applied:\n {2}\d+_/);
      expect((await migrate()).stdout).toMatch(/^applied:\n {2}\d+_/);
      expect((await migrate()).stdout).toBe("nothing to be applied\n");
    } finally {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    }
  });
});

it("helps everywhere, and knows wrong usage", async () => {
  const commands = [[], ["apply"], ["keys"], ["keys", "create"], ["users"], ["migrate"], ["worker"]];
  for (const help of await Promise.all(commands.map((command) => runCommand([...command, "--help"])))) {
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("Usage: surelay");
  }
  const wrong = await Promise.all([runCommand(["fly"]), runCommand(["worker", "nobody"])]);
  expect(wrong.map((w) => w.code)).toEqual([2, 2]);
});
