import { parseArgs } from "node:util";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { createApiKey } from "../../server/services/api-keys/create-api-key.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { upsertTopic } from "../../server/store/topics.ts";
import { printFigures, printTable, round } from "../support/report.ts";
import { startScratchDatabase, type ScratchDatabase } from "../support/scratch-database.ts";
import { cpuSeconds, cpuSecondsOfTree } from "./cpu-time.ts";
import type { Load, LoadResult } from "./generator.ts";
import { bundle, runGenerator, startServer } from "./server-under-load.ts";

/**
 * What the API takes in, over HTTP, with PostgreSQL (fsync on), API and load generator each in processes of their own on
 * this machine. Beside it, in the same run: the same server with storage left out, and a plain server with one statement
 * per request.
 *
 * --seconds N      measured per row (default 8), after --warmup N (default 2)
 * --clients LIST   for single calls (default 1,16,64)
 * --batches LIST   messages per batch call (default 50,200), with --batch-clients N (default 8)
 * --servers LIST   of api,no-store,plain (default all)
 * --node OPTIONS   options of Node for the servers, such as --node=--cpu-prof
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "8" },
      warmup: { type: "string", default: "2" },
      clients: { type: "string", default: "1,16,64" },
      batches: { type: "string", default: "50,200" },
      "batch-clients": { type: "string", default: "8" },
      servers: { type: "string", default: "api,no-store,plain" },
      node: { type: "string", default: "" },
    },
  });
  await bundle();
  const database = await startScratchDatabase();
  try {
    const key = await declare(database);
    const shared = { key, warmupSeconds: Number(values.warmup), seconds: Number(values.seconds) };
    const numbers = (list: string) => list.split(",").filter(Boolean).map(Number);
    const singles = numbers(values.clients).map((clients) => ({
      ...shared,
      clients,
      batch: 0,
      calls: "pair" as const,
    }));
    const batches = numbers(values.batches).flatMap((batch) =>
      (["pair", "send"] as const).map((calls) => ({
        ...shared,
        clients: Number(values["batch-clients"]),
        batch,
        calls,
      })),
    );
    const figures: Record<string, Row[]> = {};
    for (const name of values.servers.split(",") as ("api" | "no-store" | "plain")[]) {
      const loads = name === "plain" ? singles : [...singles, ...batches];
      figures[name] = await measureServer(name, database, loads, values.node.split(" ").filter(Boolean));
      printTable(
        TITLES[name],
        figures[name].map((row) => ({ ...row })),
      );
    }
    printFigures("intake", { unit: "messages per second; ms per round; µs of CPU per message", ...figures });
  } finally {
    await database.stop();
  }
}

const TITLES = {
  api: "The API",
  "no-store": "The API without storage",
  plain: "One statement per request",
};

interface Row {
  load: string;
  perSecond: number;
  p50: number;
  p99: number;
  refused: number;
  apiMicros: number;
  postgresMicros: number;
  generatorMicros: number;
}

async function measureServer(
  name: "api" | "no-store" | "plain",
  database: ScratchDatabase,
  loads: Omit<Load, "port">[],
  nodeOptions: string[],
): Promise<Row[]> {
  const server = await startServer(name, database.url, nodeOptions);
  try {
    const rows: Row[] = [];
    for (const load of loads) {
      const before = [cpuSeconds(server.pid), cpuSecondsOfTree(database.pid)] as const;
      const result = JSON.parse(await runGenerator({ ...load, port: server.port })) as LoadResult;
      const after = [cpuSeconds(server.pid), cpuSecondsOfTree(database.pid)] as const;
      // Servers are watched over the warm-up too; the generator reports its measured part.
      const handled = (result.messages * (load.seconds + load.warmupSeconds)) / load.seconds;
      rows.push({
        load: describe(load),
        perSecond: result.perSecond,
        p50: result.p50,
        p99: result.p99,
        refused: result.refused,
        apiMicros: round(((after[0] - before[0]) * 1e6) / handled),
        postgresMicros: round(((after[1] - before[1]) * 1e6) / handled),
        generatorMicros: round((result.cpuSeconds * 1e6) / result.messages),
      });
    }
    return rows;
  } finally {
    await server.stop();
  }
}

function describe(load: Omit<Load, "port">): string {
  const what = load.calls === "pair" ? "prepare + confirm" : "send";
  return `${what}, ${load.batch === 0 ? "single" : `batches of ${load.batch}`}, ${load.clients} clients`;
}

async function declare(database: ScratchDatabase): Promise<string> {
  const pool = createPool({ url: database.url, max: 1, name: "bench", log: silentLog });
  try {
    await upsertApp(pool, { name: "orders", checkUrl: null, checkAfterSeconds: 3600, contact: null });
    await upsertTopic(pool, { name: "orders.created", partitions: 6, schema: null, masked: false });
    const key = { app: "orders", scopes: ["produce" as const], createdBy: "bench", ratePerSecond: 1_000_000 };
    return (await createApiKey(pool, key)).key;
  } finally {
    await pool.end();
  }
}
