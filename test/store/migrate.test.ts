import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, inject, test } from "vitest";
import { projectRoot } from "../../server/config/project-root.ts";
import { migrate, pendingMigrations } from "../../server/store/migrate.ts";
import { makePartitions, partitionDaysAhead } from "../../server/store/partitions.ts";
import { insertPrepared } from "../../server/store/store-messages.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";

const db = useDatabase();
const folder = join(projectRoot(), "prisma/migrations");
const options = { folder, lanes: 4, idPastSeconds: 86_400, partitionsAheadDays: 2 };

const temporary: string[] = [];
afterAll(() => temporary.forEach((path) => rmSync(path, { recursive: true })));

/** A folder of migrations with this one in it. */
function migrationFolder(name: string, sql: string): string {
  const path = mkdtempSync(join(tmpdir(), "surelay-migrations-"));
  temporary.push(path);
  mkdirSync(join(path, name));
  writeFileSync(join(path, name, "migration.sql"), sql);
  return path;
}

test("schema.prisma and the migrations say the same", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", join(projectRoot(), "scripts/migration.ts"), "drift"],
    { env: { ...process.env, DATABASE_URL: inject("postgresUrl") }, cwd: projectRoot() },
  );
  expect(stdout).toContain("agree");
});

test("migrating again does nothing, also from many processes at once", async () => {
  expect(await pendingMigrations(db.url, folder)).toEqual([]);
  const runs = await Promise.all(
    Array.from({ length: 4 }, () => migrate({ url: db.url, ...options, lanes: 9 })),
  );
  expect(runs.flat()).toEqual([]);
  expect((await db.pool.query("SELECT count(*)::int AS n FROM lane")).rows[0].n).toBe(4);
});

test("a failing migration is undone whole and named", async () => {
  const broken = migrationFolder(
    "20990101000000_broken",
    "CREATE TABLE half_done (id int); SELECT nonsense FROM nowhere;",
  );
  await expect(migrate({ url: db.url, ...options, folder: broken })).rejects.toThrow(
    /20990101000000_broken failed and was undone/,
  );
  expect((await db.pool.query("SELECT to_regclass('half_done') AS t")).rows[0].t).toBeNull();
});

test("an applied migration that was changed is refused", async () => {
  const changed = migrationFolder("20261121000000_store", "SELECT 1");
  await expect(migrate({ url: db.url, ...options, folder: changed })).rejects.toMatchObject({
    code: "migration_changed",
  });
});

test("partitions are made ahead, once, while messages are being stored", async () => {
  const owner = await declare(db.pool);
  const enough = new AbortController();
  const load = (async () => {
    while (!enough.signal.aborted) await insertPrepared(db.hot, [newMessage(owner)]);
  })();
  const made = await Promise.all(Array.from({ length: 3 }, () => makePartitions(db.pool, 2, 9)));
  enough.abort();
  await load;
  expect(made.reduce((a, b) => a + b)).toBeGreaterThan(0);
  expect(await makePartitions(db.pool, 2, 9)).toBe(0);
  expect(await partitionDaysAhead(db.pool)).toBe(9);
});

test("a partition has the indexes and checks of its parent", async () => {
  const { rows } = await db.pool.query<{ parent: string; indexes: number; checks: number }>(
    `SELECT c.relname AS parent, (SELECT count(*)::int FROM pg_index WHERE indrelid = c.oid) AS indexes,
            (SELECT count(*)::int FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c') AS checks
     FROM pg_class c WHERE relname = 'message_state' OR relname = to_char(now() AT TIME ZONE 'UTC', '"message_state_p"YYYYMMDD')`,
  );
  expect(rows).toHaveLength(2);
  expect(rows[0]!.indexes).toBe(rows[1]!.indexes);
  expect(rows[0]!.checks).toBe(rows[1]!.checks);
});
