/**
 * npm run migration -- drift          do prisma/schema.prisma and prisma/migrations say the same? exit code 2: no
 * npm run migration -- new <name>     write the difference into a new migration, to be completed by hand
 *
 * Both work on a scratch database: in DATABASE_URL's server if set, else in an embedded one started for it.
 * What the Prisma language cannot say (CHECKs, partial indexes, partitions, triggers, functions) is outside the comparison.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startPostgres } from "../local/postgres.ts";
import { openTemporaryFolder } from "../local/unprivileged-user.ts";
import { projectRoot } from "../server/config/project-root.ts";
import { migrate } from "../server/store/migrate.ts";
import { openSchemaEngine } from "./schema-engine.ts";

const root = projectRoot();
const folder = join(root, "prisma/migrations");
const schema = {
  path: join(root, "prisma/schema.prisma"),
  content: readFileSync(join(root, "prisma/schema.prisma"), "utf8"),
};

const [command, name] = process.argv.slice(2);
if (command !== "drift" && !(command === "new" && /^[a-z0-9_]+$/.test(name ?? ""))) {
  console.error("usage: npm run migration -- drift | new <name_in_lower_case>");
  process.exit(2);
}
const difference = await withServer((url) => withScratchDatabase(url, diff));
if (difference === null) console.log("schema.prisma and prisma/migrations agree");
else if (command === "drift") {
  console.error(
    `schema.prisma and prisma/migrations differ. This would bring the migrations to the schema:\n${difference}`,
  );
  process.exitCode = 2;
} else {
  const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const target = join(folder, `${stamp}_${name}`);
  mkdirSync(target);
  writeFileSync(join(target, "migration.sql"), difference);
  console.log(`wrote prisma/migrations/${stamp}_${name}/migration.sql`);
}
process.exit();

/** SQL from what the migrations make to what the schema says; null when they agree. */
async function diff(url: string): Promise<string | null> {
  await migrate({ url, folder, lanes: 1, idPastSeconds: 60, partitionsAheadDays: 1 });
  const partitions = await partitionNames(url);
  const engine = await openSchemaEngine(url, schema);
  const input = {
    from: { tag: "schemaDatasource" as const, files: [schema], configDir: join(root, "prisma") },
    to: { tag: "schemaDatamodel" as const, files: [schema] },
    script: true,
    exitCode: true,
    shadowDatabaseUrl: null,
    filters: { externalTables: partitions, externalEnums: [] },
  };
  const result = await engine.diff(input);
  return result.exitCode === 0 ? null : (result.stdout ?? "(no script)");
}

async function partitionNames(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "SELECT 'public.' || relname AS name FROM pg_class WHERE relispartition AND relkind = 'r'",
  );
  await client.end();
  return rows.map((row) => row.name);
}

async function withServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  if (process.env.DATABASE_URL) return work(process.env.DATABASE_URL);
  const data = mkdtempSync(join(tmpdir(), "surelay-migration-"));
  openTemporaryFolder(data);
  const postgres = await startPostgres({ dataDir: join(data, "postgres"), settings: { fsync: "off" } });
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop({ immediate: true });
    rmSync(data, { recursive: true, force: true });
  }
}

async function withScratchDatabase<T>(url: string, work: (url: string) => Promise<T>): Promise<T> {
  const scratch = new URL(url);
  scratch.pathname = `/surelay_scratch_${process.pid}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${scratch.pathname.slice(1)}`);
  try {
    return await work(scratch.href);
  } finally {
    await admin.query(`DROP DATABASE ${scratch.pathname.slice(1)} WITH (FORCE)`);
    await admin.end();
  }
}
