import { join } from "node:path";
import { createPool, type Pool, probeDatabase } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { pendingMigrations } from "../../server/store/migrate.ts";
import { partitionDaysAhead } from "../../server/store/partitions.ts";
import { readDeliveryBacklogs } from "../../server/store/read-delivery-flow.ts";
import { readBacklogs } from "../../server/store/read-flow.ts";
import { type Check, fail, ok, warn } from "./check.ts";
import { asCheck } from "./machine-checks.ts";

const OLDEST_POSTGRES = 14;
const CLOCK_SKEW_MS = 2000;
const OLD_SNAPSHOT_S = 600;

export interface DatabaseSetting {
  url: string | undefined;
  root: string;
  partitionsAheadDays: number;
}

/** Everything about the database that the service depends on. Later checks are left out when it does not answer. */
export async function checkDatabase(setting: DatabaseSetting): Promise<Check[]> {
  const { url } = setting;
  if (!url) {
    return [
      fail(
        "Database",
        "DATABASE_URL is not set, and no instance runs in this data folder",
        "Set DATABASE_URL, or start `surelay up` and ask again.",
      ),
    ];
  }
  const remedy = "See the database's log.";
  const reach = await asCheck("Database", remedy, async () => {
    await probeDatabase(url);
    return ok("Database", "answers");
  });
  if (reach.status === "fail") return [reach];
  const pool = createPool({ url, max: 2, name: "doctor", log: silentLog, statementTimeoutMs: 10_000 });
  try {
    const checks = [await asCheck("Database", remedy, () => version(pool))];
    checks.push(await asCheck("Durability", remedy, () => durability(pool)));
    checks.push(await asCheck("Clock", remedy, () => clock(pool)));
    const migrations = await asCheck("Schema", remedy, () =>
      schema(url, join(setting.root, "prisma", "migrations")),
    );
    checks.push(migrations);
    if (migrations.status === "ok") {
      checks.push(await asCheck("Permissions", remedy, () => permissions(pool)));
      checks.push(await asCheck("Partitions", remedy, () => partitions(pool, setting.partitionsAheadDays)));
      checks.push(await asCheck("Counters", remedy, () => counters(pool)));
    }
    checks.push(await asCheck("Old snapshots", remedy, () => snapshots(pool)));
    return checks;
  } finally {
    await pool.end();
  }
}

async function version(pool: Pool): Promise<Check> {
  const { rows } = await pool.query<{ number: number; text: string }>(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text",
  );
  const { number, text } = rows[0]!;
  if (number >= OLDEST_POSTGRES * 10_000) return ok("Database", `PostgreSQL ${text}`);
  return fail(
    "Database",
    `PostgreSQL ${text}`,
    `PostgreSQL ${OLDEST_POSTGRES} or later is needed: upgrade it.`,
  );
}

async function durability(pool: Pool): Promise<Check> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')",
  );
  const off = rows.filter((row) => row.setting === "off").map((row) => row.name);
  if (off.length === 0) return ok("Durability", "commits are synchronous");
  return fail(
    "Durability",
    `${off.join(", ")} off`,
    "A confirmed message could be lost in a crash: switch them on in postgresql.conf.",
  );
}

async function clock(pool: Pool): Promise<Check> {
  const before = Date.now();
  const { rows } = await pool.query<{ ms: number }>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms",
  );
  const skew = Math.round(rows[0]!.ms - (before + Date.now()) / 2);
  if (Math.abs(skew) <= CLOCK_SKEW_MS) return ok("Clock", `${Math.abs(skew)} ms apart from the database's`);
  return warn(
    "Clock",
    `${Math.abs(skew)} ms ${skew > 0 ? "behind" : "ahead of"} the database's`,
    "Deadlines go by the database's clock, ids by the caller's: synchronise both (NTP).",
  );
}

async function schema(url: string, folder: string): Promise<Check> {
  const pending = await pendingMigrations(url, folder);
  if (pending.length === 0) return ok("Schema", "all migrations are applied");
  return fail(
    "Schema",
    `${pending.length} migrations missing: ${pending.join(", ")}`,
    "Run `surelay migrate`.",
  );
}

async function permissions(pool: Pool): Promise<Check> {
  const { rows } = await pool.query<{ missing: string | null }>(
    `SELECT string_agg(t || ': ' || p, ', ') AS missing
     FROM unnest(ARRAY['message', 'message_state', 'message_event', 'check_back', 'lane', 'worker_instance', 'app', 'api_key', 'topic',
       'outbox_source', 'outbox_progress', 'outbox_failure', 'subscription', 'subscription_valve', 'delivery', 'delivery_attempt',
       'delivery_flow', 'failure_group', 'failure_flow', 'group_progress', 'resend']) AS t,
          unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p
     WHERE to_regclass(t) IS NULL OR NOT has_table_privilege(to_regclass(t), p)`,
  );
  const missing = rows[0]?.missing;
  if (!missing) return ok("Permissions", "tables can be read and written");
  return fail(
    "Permissions",
    `missing: ${missing}`,
    "Grant them to the user of DATABASE_URL, or use the tables' owner.",
  );
}

async function partitions(pool: Pool, wanted: number): Promise<Check> {
  const ahead = await partitionDaysAhead(pool);
  if (ahead >= wanted) return ok("Partitions", `made for ${ahead} days ahead`);
  const remedy = "Start a sweep worker (`surelay worker sweep`), or run `surelay migrate`.";
  if (ahead < 1) return fail("Partitions", "messages of tomorrow have none", remedy);
  return warn("Partitions", `made for ${ahead} days ahead instead of ${wanted}`, remedy);
}

/** Most waiting messages that are counted through for a check: about a second's work. */
const MOST_COUNTED = 1_000_000;

/** The console's backlogs and rates against the messages themselves, in one snapshot: what differs is wrong, never late. */
async function counters(pool: Pool): Promise<Check> {
  const waits = [...(await readBacklogs(pool)), ...(await readDeliveryBacklogs(pool, null))];
  const total = waits.reduce((sum, { count }) => sum + count, 0);
  if (total > MOST_COUNTED) return ok("Counters", `not compared: ${total} messages and deliveries wait`);
  const differences = [...(await compareFlow(pool)), ...(await compareDeliveryFlow(pool))];
  if (differences.length === 0)
    return ok("Counters", `agree with the ${total} messages and deliveries that wait`);
  const { state, actual, counted } = differences[0]!;
  return warn(
    "Counters",
    `${differences.length} differ, such as ${state}: ${counted} counted, ${actual} stored`,
    "Something wrote past the service, such as an older version during an upgrade. A sweep worker mends them when it starts and every hour.",
  );
}

async function snapshots(pool: Pool): Promise<Check> {
  const { rows } = await pool.query<{ pid: number; age: number; who: string }>(
    `SELECT pid, extract(epoch FROM now() - xact_start)::int AS age, coalesce(nullif(application_name, ''), usename, '?') AS who
     FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
     ORDER BY xact_start LIMIT 1`,
  );
  const oldest = rows[0];
  if (!oldest || oldest.age < OLD_SNAPSHOT_S)
    return ok("Old snapshots", oldest ? `the oldest is ${oldest.age} s old` : "none");
  return warn(
    "Old snapshots",
    `"${oldest.who}" (backend ${oldest.pid}) has held one for ${oldest.age} s`,
    `Every queue slows down under it. End that transaction: SELECT pg_terminate_backend(${oldest.pid}).`,
  );
}
