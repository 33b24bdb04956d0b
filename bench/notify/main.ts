import { parseArgs } from "node:util";
import { waitUntil } from "../../local/wait-until.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { cpuSeconds, cpuSecondsOfTree } from "../intake/cpu-time.ts";
import { printFigures, printTable, round } from "../support/report.ts";
import { type ScratchDatabase, startScratchDatabase } from "../support/scratch-database.ts";
import { bundle, countOpen, declareEndpoints, type Endpoints, send, type Start } from "./notify-site.ts";

const SETTINGS = {
  SURELAY_SIGNING_SECRET: "of the benchmark alone, and long enough",
  SURELAY_ALLOWED_HOSTS: "127.0.0.1",
};

/**
 * Webhooks on one machine, PostgreSQL (fsync on), receiver and worker beside it. Calls alone, without a store; a backlog
 * that is due at once; and another one of the same endpoints beside dead ones, which say nothing until the time-out and have
 * as much to deliver each.
 *
 * --messages N     of each backlog (default 40,000)
 * --answer-ms N    how long the receiver takes to answer (default 5)
 * --endpoints N    living ones (default 99)
 * --dead N         dead ones (default 1: one in a hundred)
 * --concurrency N  calls of each endpoint at once (default 8, as the product's)
 * --workers N      processes (default 1)
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      messages: { type: "string", default: "40000" },
      "answer-ms": { type: "string", default: "5" },
      endpoints: { type: "string", default: "99" },
      dead: { type: "string", default: "1" },
      concurrency: { type: "string", default: "8" },
      workers: { type: "string", default: "1" },
    },
  });
  const options = {
    messages: Number(values.messages),
    endpoints: Number(values.endpoints),
    dead: Number(values.dead),
    concurrency: Number(values.concurrency),
    workers: Number(values.workers),
  };
  const start = await bundle();
  const database = await startScratchDatabase();
  const receiver = start("receiver", { BENCH_ANSWER_MS: values["answer-ms"] });
  const hot = createPool({ url: database.url, max: 4, name: "bench", log: silentLog, hot: true });
  try {
    const { port } = await receiver.first((line) => "port" in line);
    const url = `http://127.0.0.1:${port as number}`;
    const alone = await measureCalls(start, `${url}/hook`, options.messages);
    const living = await declareEndpoints(hot, {
      name: "living",
      url: `${url}/hook`,
      count: options.endpoints,
      concurrency: options.concurrency,
    });
    const site = { start, database, hot, living, pids: { receiver: receiver.pid }, ...options };
    const plain = await measureBacklog(site);
    const dead = await declareEndpoints(hot, {
      name: "dead",
      url: `${url}/dead`,
      count: options.dead,
      concurrency: options.concurrency,
    });
    await send(hot, dead, Math.ceil((options.messages / options.endpoints) * options.dead));
    const beside = await measureBacklog(site);
    const row = (what: string, perSecond: number) => ({
      what,
      "deliveries/s": Math.round(perSecond),
      "of alone": `${Math.round((100 * perSecond) / alone)} %`,
    });
    printTable("A backlog that is due at once", [
      row("calls alone, no store", alone),
      row(`notify, ${options.workers} process${options.workers > 1 ? "es" : ""}`, plain.perSecond),
      row(`beside ${options.dead} dead of ${options.dead + options.endpoints}`, beside.perSecond),
    ]);
    printTable("CPU per delivery, µs", [plain.cpuMicros]);
    const ratio = round(beside.perSecond / plain.perSecond, 3);
    console.log(`\nbeside dead endpoints ÷ without: ${ratio}`);
    printFigures("notify", {
      ...options,
      answerMs: Number(values["answer-ms"]),
      alonePerSecond: round(alone),
      plain,
      beside,
      ratio,
    });
  } finally {
    await hot.end();
    await receiver.stop();
    await database.stop();
  }
}

/** Calls per second of the same client without a store, as many at once as one process makes. */
async function measureCalls(start: Start, url: string, calls: number): Promise<number> {
  const caller = start("caller", {
    BENCH_URL: url,
    BENCH_CALLS: String(calls),
    BENCH_CONCURRENCY: "256",
  });
  const { seconds } = await caller.first((line) => "seconds" in line);
  return calls / (seconds as number);
}

interface Site {
  start: Start;
  database: ScratchDatabase;
  hot: Pool;
  living: Endpoints;
  pids: { receiver: number };
  messages: number;
  workers: number;
}

/** How long it takes until the living endpoints have taken all of theirs. */
async function measureBacklog({ start, database, hot, living, pids, messages, workers: count }: Site) {
  await send(hot, living, messages);
  await hot.query("ANALYZE");
  const before = await countOpen(hot, living);
  const workers = Array.from({ length: count }, (_, n) =>
    start("notify", {
      ...SETTINGS,
      SURELAY_LOG_LEVEL: "info",
      DATABASE_URL: database.url,
      SURELAY_INSTANCE: `notify-${n}`,
    }),
  );
  const used = () => ({
    worker: workers.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    receiver: cpuSeconds(pids.receiver),
    database: cpuSecondsOfTree(database.pid),
  });
  await Promise.all(workers.map((worker) => worker.first((line) => line.msg === "started")));
  const first = used();
  const started = performance.now();
  const atStart = await countOpen(hot, living);
  await waitUntil(async () => (await countOpen(hot, living)) === 0, { timeoutMs: 600_000, everyMs: 50 });
  const seconds = (performance.now() - started) / 1000;
  const last = used();
  await Promise.all(workers.map((worker) => worker.stop()));
  const done = atStart;
  const micros = (key: keyof typeof first) => round(((last[key] - first[key]) / done) * 1e6);
  return {
    backlog: before,
    seconds: round(seconds, 2),
    perSecond: round(done / seconds),
    cpuMicros: { worker: micros("worker"), database: micros("database"), receiver: micros("receiver") },
  };
}
