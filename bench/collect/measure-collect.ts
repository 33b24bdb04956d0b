import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { startRelays } from "../relay/bench-site.ts";
import { type CollectSite, fillOutbox, startCollector } from "./collect-site.ts";

export interface CollectFigures {
  way: string;
  rows: number;
  rowsPerSecond: number;
  seconds: number;
  /** CPU seconds of the collector per 100,000 rows. */
  collectorCpu: number;
}

/**
 * Empties an outbox of so many rows into Kafka, one collector and one relay at work: from the first row that is stored as a
 * message to the last one that is marked SENT, by the database's clock. Both processes are warm and stopped while it fills.
 */
export async function measureCollect(
  site: CollectSite,
  rows: number,
  payloadBytes: number,
): Promise<CollectFigures> {
  const pool = createPool({ url: site.databaseUrl, max: 4, name: "bench", log: silentLog, hot: true });
  const business = createPool({
    url: site.businessUrl,
    max: 2,
    name: "bench",
    log: silentLog,
    statementTimeoutMs: 120_000,
  });
  const relays = await startRelays(site, 1, pool);
  const collector = await startCollector(site, pool);
  try {
    await fillOutbox(site, business, 20_000, payloadBytes); // warms up plans and compiled code
    await drained(pool, business);
    collector.signal("SIGSTOP");
    await fillOutbox(site, business, rows, payloadBytes);
    await business.query("VACUUM (ANALYZE) surelay_outbox");
    await pool.query("CHECKPOINT");
    const before = cpuSeconds(collector.pid);
    const { rows: start } = await pool.query<{ now: Date }>("SELECT clock_timestamp() AS now");
    collector.signal("SIGCONT");
    await drained(pool, business);
    const cpu = cpuSeconds(collector.pid) - before;
    const { rows: took } = await pool.query<{ n: number; s: number }>(
      `SELECT count(*)::int AS n, extract(epoch FROM max(sent_at) - min(stored_at))::float8 AS s
       FROM message_state WHERE stored_at >= $1`,
      [start[0]!.now],
    );
    const { n, s } = took[0]!;
    if (n !== rows) throw new Error(`${n} of ${rows} rows were sent`);
    return {
      way: "outbox → store → Kafka",
      rows,
      rowsPerSecond: Math.round(n / s),
      seconds: Number(s.toFixed(2)),
      collectorCpu: Number(((cpu / n) * 100_000).toFixed(2)),
    };
  } finally {
    await Promise.all([collector.kill(), ...relays.map((relay) => relay.stop())]);
    await Promise.all([pool.end(), business.end()]);
  }
}

async function drained(pool: Pool, business: Pool): Promise<void> {
  for (;;) {
    const { rows: outbox } = await business.query<{ left: boolean }>(
      "SELECT EXISTS (SELECT FROM surelay_outbox) AS left",
    );
    if (!outbox[0]!.left) {
      const { rows } = await pool.query<{ left: boolean }>(
        "SELECT EXISTS (SELECT FROM message_state WHERE state = 'READY' AND held_at IS NULL AND lane = ANY (SELECT lane FROM lane)) AS left",
      );
      if (!rows[0]!.left) return;
    }
    await sleep(100);
  }
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
