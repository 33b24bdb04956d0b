import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startBroker } from "../../local/kafka.ts";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { createApiKey } from "../../server/services/api-keys/create-api-key.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { printFigures, printTable } from "../support/report.ts";
import { type ScratchDatabase, startScratchDatabase } from "../support/scratch-database.ts";
import { bundle } from "./ack-site.ts";
import { type LifeFigures, measureLife } from "./measure-life.ts";
import { measureSettling } from "./measure-settling.ts";

/**
 * Acknowledgements on one machine, PostgreSQL (fsync on), Kafka, the service's processes and the driver beside each other.
 *
 * --rows N      messages that are settled in each way (default 60,000; 0: not measured)
 * --seconds N   of each whole life (default 12), after --warmup N (default 4)
 * --rate N      messages per second of the runs that measure latency (default 500; 0: not measured)
 * --ways LIST   of whole lives: explicit,offset (default both)
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: "string", default: "60000" },
      seconds: { type: "string", default: "12" },
      warmup: { type: "string", default: "4" },
      rate: { type: "string", default: "500" },
      ways: { type: "string", default: "explicit,offset" },
    },
  });
  await bundle();
  const folder = mkdtempSync(join(tmpdir(), "surelay-bench-kafka-"));
  const database = await startScratchDatabase({ lanes: 4 });
  const broker = await startBroker({ dataDir: folder });
  try {
    const keys = await makeKeys(database);
    const site = {
      databaseUrl: database.url,
      databasePid: database.pid,
      brokerPid: broker.pid,
      bootstrap: broker.bootstrap,
      ...keys,
    };
    const rows = Number(values.rows);
    const settling = rows > 0 ? await measureSettling({ ...site, rows }) : [];
    printTable(
      "Messages that only wait for their acknowledgement",
      settling.map((row) => ({
        ...row,
        "of the statement": `${Math.round((100 * row.perSecond) / settling[0]!.perSecond)} %`,
      })),
    );
    const ways = values.ways.split(",").filter(Boolean) as ("explicit" | "offset")[];
    const timing = { seconds: Number(values.seconds), warmupSeconds: Number(values.warmup) };
    const lives: LifeFigures[] = [];
    const paced: LifeFigures[] = [];
    for (const way of ways) lives.push(await measureLife(site, { way, rate: 0, ...timing }));
    printTable(
      "Whole lives: prepare, confirm, relay, consume, acknowledge; as many as go through",
      lives.map(shown),
    );
    if (Number(values.rate) > 0)
      for (const way of ways)
        paced.push(await measureLife(site, { way, rate: Number(values.rate), ...timing }));
    printTable(`At ${values.rate} per second; ms from the call of prepare`, paced.map(shown));
    printFigures("ack", { rows, settling, lives, paced });
  } finally {
    await broker.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function shown(life: LifeFigures): Record<string, string | number> {
  const { way, perSecond, toConsumer, toAcked, failed, consumed, cpuMicros } = life;
  const cpu = Object.fromEntries(Object.entries(cpuMicros).map(([name, micros]) => [`${name} µs`, micros]));
  return {
    way,
    perSecond,
    "consumer p50": toConsumer.p50,
    "consumer p99": toConsumer.p99,
    "acked p50": toAcked.p50,
    "acked p99": toAcked.p99,
    failed,
    consumed,
    ...cpu,
  };
}

async function makeKeys(database: ScratchDatabase): Promise<{ produceKey: string; consumeKey: string }> {
  const pool = createPool({ url: database.url, max: 1, name: "bench", log: silentLog });
  try {
    await upsertApp(pool, { name: "orders", checkUrl: null, checkAfterSeconds: 3600, contact: null });
    const make = async (scope: "produce" | "consume") =>
      (
        await createApiKey(pool, {
          app: "orders",
          scopes: [scope],
          createdBy: "bench",
          ratePerSecond: 1_000_000,
        })
      ).key;
    return { produceKey: await make("produce"), consumeKey: await make("consume") };
  } finally {
    await pool.end();
  }
}
