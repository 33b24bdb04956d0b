import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startApiProcess } from "../api/start-api-process.ts";
import { header, readAll } from "../relay/read-all.ts";
import { barrierDdl, BUSINESS_TABLES } from "../sdk/business-tables.ts";
import { runKills } from "../sdk/kill/run-kills.ts";
import type { Step } from "../sdk/kill/steps.ts";
import { checkByService } from "./check-by-service.ts";
import { Fleet } from "./fleet.ts";
import { startSite } from "./site.ts";

export interface ProducerKillsResult {
  kills: number;
  steps: Partial<Record<Step, number>>;
  committed: number;
  rolledBack: number;
  answers: Record<string, number>;
  late: number;
  read: number;
  /** Orders that stand and whose message no consumer saw. */
  lost: number;
  /** Messages that a consumer saw though their transaction does not stand. */
  phantom: number;
  /** Messages that a consumer saw twice. */
  doubled: number;
  /** Messages that nobody could settle, answers that contradicted each other, producers that failed otherwise. */
  troubled: number;
  troubles: string[];
}

/**
 * Producers that are killed at every step, with the API, the confirm process (killed as well), a relay and a broker behind them; then Kafka's own read_committed
 * consumer says what arrived, and it is compared with the business's database.
 */
export async function runProducerKills(options: {
  kills: number;
  parallel: number;
  logFile?: string;
  onProgress: (text: string) => void;
}): Promise<ProducerKillsResult> {
  const site = await startSite({ brokers: 1, lanes: 4 });
  const fleet = new Fleet(site, {
    entry: "workers/relay/main.ts",
    leaseMs: 10_000,
    logFile: options.logFile,
  });
  const api = await startApiProcess(site.databaseUrl);
  const businessUrl = await makeBusiness(site.databaseUrl);
  const store = new pg.Pool({ connectionString: site.databaseUrl, max: 4 });
  const business = new pg.Pool({ connectionString: businessUrl, max: 1 });
  try {
    await fleet.start("relay-1");
    const apiUrl = `http://127.0.0.1:${api.port}`;
    const verdict = await runKills(
      { apiUrl, key: site.apiKey, store, businessUrl },
      {
        kills: options.kills,
        parallel: options.parallel,
        checks: checkByService(site, options.logFile),
        onProgress: (kills) => kills % 100 === 0 && options.onProgress(`${kills} producers killed`),
      },
    );
    options.onProgress("draining");
    await drained(store);
    const { rows } = await business.query<{ message_id: string }>("SELECT message_id FROM orders");
    const standing = new Set(rows.map((row) => row.message_id));
    const seen = (await readAll("orders.created", site.cluster.bootstrap)).map(
      (record) => header(record, "ce_id") ?? "",
    );
    const once = new Set(seen);
    const troubles = [...verdict.stuck, ...verdict.contradictions, ...verdict.failures];
    const { kills, steps, committed, rolledBack, answers, late } = verdict;
    return {
      kills,
      steps,
      committed,
      rolledBack,
      answers,
      late,
      read: seen.length,
      lost: [...standing].filter((id) => !once.has(id)).length,
      phantom: [...once].filter((id) => !standing.has(id)).length,
      doubled: seen.length - once.size,
      troubled: troubles.length,
      troubles: troubles.slice(0, 10),
    };
  } finally {
    await Promise.all([fleet.stop(), api.stop("SIGKILL"), store.end(), business.end()]);
    await site.stop();
  }
}

async function makeBusiness(serverUrl: string): Promise<string> {
  const url = new URL(serverUrl);
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query("CREATE DATABASE business");
  await admin.end();
  url.pathname = "/business";
  const business = new pg.Client({ connectionString: url.href });
  await business.connect();
  await business.query(barrierDdl("postgresql"));
  await business.query(BUSINESS_TABLES.postgresql);
  await business.end();
  return url.href;
}

async function drained(store: pg.Pool): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const { rowCount } = await store.query("SELECT FROM message_state WHERE state = 'READY' LIMIT 1");
    if (rowCount === 0) return;
    await sleep(100);
  }
}
