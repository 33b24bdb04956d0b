import { setTimeout as sleep } from "node:timers/promises";
import { readFileSync } from "node:fs";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import type { RelayProcess } from "../../test/chaos/relay-process.ts";
import { type BenchSite, fill, startRelays } from "./bench-site.ts";

export interface BacklogFigures {
  relays: number;
  rows: number;
  rowsPerSecond: number;
  seconds: number;
  /** CPU seconds of the relay processes together, per 100,000 rows. */
  relayCpu: number;
}

/**
 * Fills a backlog while the relays are stopped by SIGSTOP, so that they start together, warm and with their lanes shared;
 * the time is the database's own, from the first row marked SENT to the last.
 */
export async function measureBacklog(
  site: BenchSite,
  relays: number,
  rows: number,
  payloadBytes: number,
): Promise<BacklogFigures> {
  const pool = createPool({ url: site.databaseUrl, max: 4, name: "bench", log: silentLog, hot: true });
  const processes = await startRelays(site, relays, pool);
  try {
    await fill(site, pool, 20_000, payloadBytes); // warms up plans and compiled code
    await drained(pool);
    for (const relay of processes) relay.signal("SIGSTOP");
    await fill(site, pool, rows, payloadBytes);
    await pool.query("VACUUM (ANALYZE) message_state");
    await pool.query("CHECKPOINT");
    const before = cpuSeconds(processes);
    const { rows: start } = await pool.query<{ now: Date }>("SELECT clock_timestamp() AS now");
    for (const relay of processes) relay.signal("SIGCONT");
    await drained(pool);
    const cpu = cpuSeconds(processes) - before;
    const { rows: took } = await pool.query<{ n: number; s: number }>(
      "SELECT count(*)::int AS n, extract(epoch FROM max(sent_at) - min(sent_at))::float8 AS s FROM message_state WHERE sent_at > $1",
      [start[0]!.now],
    );
    const { n, s } = took[0]!;
    if (n !== rows) throw new Error(`${n} of ${rows} rows were sent`);
    return {
      relays,
      rows,
      rowsPerSecond: Math.round(n / s),
      seconds: Number(s.toFixed(2)),
      relayCpu: Number(((cpu / n) * 100_000).toFixed(2)),
    };
  } finally {
    await Promise.all(processes.map((relay) => relay.stop()));
    await pool.end();
  }
}

async function drained(pool: Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ left: boolean }>(
      "SELECT EXISTS (SELECT FROM message_state WHERE state = 'READY' AND held_at IS NULL AND lane = ANY (SELECT lane FROM lane)) AS left",
    );
    if (!rows[0]!.left) return;
    await sleep(100);
  }
}

function cpuSeconds(relays: RelayProcess[]): number {
  let ticks = 0;
  for (const { pid } of relays) {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}
