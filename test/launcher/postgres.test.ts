import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { type LocalPostgres, type PostgresOptions, startPostgres } from "../../local/postgres.ts";
import { scratchFolder } from "./run-program.ts";

const FAST = { fsync: "off", shared_buffers: "32MB" };

async function start(options: PostgresOptions): Promise<LocalPostgres> {
  const server = await startPostgres({ settings: FAST, ...options });
  onTestFinished(() => server.kill());
  return server;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ answer: unknown }>(sql)).rows[0]?.answer;
  } finally {
    await client.end();
  }
}

describe("the embedded PostgreSQL", () => {
  test("keeps its data over an orderly stop and over SIGKILL, and its password to itself", async () => {
    const dataDir = join(scratchFolder(), "postgres");
    const first = await start({ dataDir });
    await ask(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    expect(statSync(join(dataDir, "surelay.password")).mode & 0o777).toBe(0o600);
    await first.stop();

    const second = await start({ dataDir });
    expect(await ask(second.url, "SELECT answer FROM kept")).toBe(42);
    await second.kill();

    // At once: what is left of a killed server must not be in the way.
    const third = await start({ dataDir, port: second.port });
    expect(await ask(third.url, "SELECT answer FROM kept")).toBe(42);
    expect(
      await ask(
        third.url,
        "SELECT datcollate || ' ' || pg_encoding_to_char(encoding) AS answer FROM pg_database WHERE datname = 'surelay'",
      ),
    ).toBe("C UTF8");
    await third.stop({ immediate: true });
  });

  test("takes no connection without the password", async () => {
    const server = await start({ dataDir: join(scratchFolder(), "postgres") });
    const wrong = new URL(server.url);
    wrong.password = "guess";
    await expect(ask(wrong.href, "SELECT 1 AS answer")).rejects.toMatchObject({ code: "28P01" });
    await server.stop();
  });

  test("names the port that is in use, and leaves no process", async () => {
    const folder = scratchFolder();
    const server = await start({ dataDir: join(folder, "one") });
    let spawned: number | undefined;
    const second = startPostgres({
      dataDir: join(folder, "two"),
      port: server.port,
      settings: FAST,
      onSpawn: (child) => (spawned = child.pid),
    });
    await expect(second).rejects.toMatchObject({ code: "port_in_use" });
    expect(existsSync(`/proc/${spawned}`)).toBe(false);
    await server.stop();
  });
});
