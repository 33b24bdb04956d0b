import { parseArgs } from "node:util";
import { waitUntil } from "../../local/wait-until.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { cpuSeconds, cpuSecondsOfTree } from "../intake/cpu-time.ts";
import { printFigures, printTable, quantile, round } from "../support/report.ts";
import { type ScratchDatabase, startScratchDatabase } from "../support/scratch-database.ts";
import type { BenchProcess } from "../support/bundled-process.ts";
import { bundle, declareApps, type Of, prepare, type Start } from "./confirm-site.ts";

const SETTINGS = {
  SURELAY_SIGNING_SECRET: "of the benchmark alone, and long enough",
  SURELAY_ALLOWED_HOSTS: "127.0.0.1",
};

/**
 * Status confirmation on one machine, PostgreSQL (fsync on), producer and worker beside it.
 *
 * --rows N         prepared messages that are due at once (default 100,000)
 * --answer-ms N    how long the producer takes to answer (default 5)
 * --apps N         apps they belong to (default 4)
 * --concurrency N  checks of each app at once (default 32; the product's default is 16)
 * --workers N      processes (default 1)
 * --messages N     of the run with default settings (default 200)
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: "string", default: "100000" },
      "answer-ms": { type: "string", default: "5" },
      apps: { type: "string", default: "4" },
      concurrency: { type: "string", default: "32" },
      workers: { type: "string", default: "1" },
      messages: { type: "string", default: "200" },
    },
  });
  const options = {
    rows: Number(values.rows),
    apps: Number(values.apps),
    concurrency: Number(values.concurrency),
    workers: Number(values.workers),
  };
  const start = await bundle();
  const database = await startScratchDatabase();
  const producer = start("producer", { BENCH_ANSWER_MS: values["answer-ms"] });
  const hot = createPool({ url: database.url, max: 4, name: "bench", log: silentLog, hot: true });
  try {
    const { port } = await producer.first((line) => "port" in line);
    const url = `http://127.0.0.1:${port as number}/check`;
    const alone = await measureAsking(start, url, options);
    const backlog = await measureBacklog({ start, database, producer, hot, url, ...options });
    const delay = await measureDelay({ start, database, hot, url, messages: Number(values.messages) });
    printTable("A backlog that is due at once", [
      { what: "asking alone, no store", "checks/s": Math.round(alone), "of alone": "100 %" },
      {
        what: `confirm, ${options.workers} process${options.workers > 1 ? "es" : ""}`,
        "checks/s": Math.round(backlog.perSecond),
        "of alone": `${Math.round((100 * backlog.perSecond) / alone)} %`,
      },
    ]);
    printTable("CPU per check, µs", [backlog.cpuMicros]);
    printTable("From prepare to the outcome with default settings, the producer silent, s", [delay]);
    printFigures("confirm", {
      ...options,
      answerMs: Number(values["answer-ms"]),
      alonePerSecond: round(alone),
      ...backlog,
      delay,
    });
  } finally {
    await hot.end();
    await producer.stop();
    await database.stop();
  }
}

interface Load {
  rows: number;
  apps: number;
  concurrency: number;
  workers: number;
}

/** Questions per second of the same client without a store. */
async function measureAsking(start: Start, url: string, { rows, apps, concurrency }: Load): Promise<number> {
  const asker = start("asker", {
    BENCH_URL: url,
    BENCH_CHECKS: String(rows),
    BENCH_CONCURRENCY: String(apps * concurrency),
  });
  const { seconds } = await asker.first((line) => "seconds" in line);
  return rows / (seconds as number);
}

interface Site {
  start: Start;
  database: ScratchDatabase;
  hot: Pool;
  url: string;
}

async function measureBacklog(site: Site & Load & { producer: BenchProcess }) {
  const { database, hot, url, producer, rows, workers: count } = site;
  const of = await declareApps(hot, url, site.apps, site.concurrency);
  await prepare(hot, of, rows, 3600);
  await hot.query("ANALYZE");
  const workers = await startWorkers(site.start, database, count);
  const pids = { worker: workers.map((w) => w.pid), producer: [producer.pid] };
  const used = () => ({
    worker: pids.worker.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
    producer: cpuSeconds(producer.pid),
    database: cpuSecondsOfTree(database.pid),
  });
  await hot.query("UPDATE message_state SET check_at = now() WHERE state = 'PREPARED'");
  const before = used();
  const started = performance.now();
  await waitUntil(() => isEmpty(hot, of), { timeoutMs: 600_000, everyMs: 100 });
  const seconds = (performance.now() - started) / 1000;
  const after = used();
  await Promise.all(workers.map((worker) => worker.stop()));
  const micros = (key: keyof typeof before) => round(((after[key] - before[key]) / rows) * 1e6);
  return {
    seconds: round(seconds, 2),
    perSecond: round(rows / seconds),
    cpuMicros: { worker: micros("worker"), database: micros("database"), producer: micros("producer") },
  };
}

/** How long messages take whose producer died after prepare, and whose restarted replica answers. */
async function measureDelay({ start, database, hot, url, messages }: Site & { messages: number }) {
  const of = await declareApps(hot, url, 1, null);
  const [worker] = await startWorkers(start, database, 1);
  const { rows: now } = await hot.query<{ at: Date }>("SELECT clock_timestamp() AS at");
  // Spread over a second or so, as they come.
  for (let n = 0; n < messages; n += 10) await prepare(hot, of, 10, 10);
  await waitUntil(() => isEmpty(hot, of), { timeoutMs: 60_000, everyMs: 100 });
  const { rows } = await hot.query<{ s: number }>(
    "SELECT extract(epoch FROM decided_at - stored_at)::float8 AS s FROM message_state WHERE stored_at >= $1 AND decided_at IS NOT NULL",
    [now[0]!.at],
  );
  await worker!.stop();
  const took = rows.map((row) => row.s);
  return {
    messages: took.length,
    p50: round(quantile(took, 0.5), 3),
    p99: round(quantile(took, 0.99), 3),
    max: round(Math.max(...took), 3),
  };
}

async function startWorkers(start: Start, database: ScratchDatabase, count: number): Promise<BenchProcess[]> {
  const workers = Array.from({ length: count }, (_, n) =>
    start("confirm", {
      ...SETTINGS,
      SURELAY_LOG_LEVEL: "info",
      DATABASE_URL: database.url,
      SURELAY_INSTANCE: `confirm-${n}`,
    }),
  );
  await Promise.all(workers.map((worker) => worker.first((line) => line.msg === "started")));
  return workers;
}

async function isEmpty(hot: Pool, of: readonly Of[]): Promise<boolean> {
  const { rows } = await hot.query<{ empty: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM unnest($1::int[]) AS a(id) CROSS JOIN LATERAL (
       SELECT FROM message_state s WHERE s.state = 'PREPARED' AND s.app_id = a.id ORDER BY s.check_at LIMIT 1) x) AS empty`,
    [of.map((one) => one.appId)],
  );
  return rows[0]!.empty;
}
