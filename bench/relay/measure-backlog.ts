import { setTimeout as sleep } from "node:timers/promises";
import { createPool, type Pool } from "../../server/db.ts";
import { laneOf } from "../../server/domain/lane.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { silentLog } from "../../server/log.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { laneCount, readLanes } from "../../server/store/lanes.ts";
import { insertReady, type NewMessage } from "../../server/store/store-messages.ts";
import { upsertTopic } from "../../server/store/topics.ts";
import { type RelayProcess, spawnRelay } from "../../test/chaos/relay-process.ts";
import type { BenchSite } from "./main.ts";

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
    const before = await cpuSeconds(processes);
    const { rows: start } = await pool.query<{ now: Date }>("SELECT clock_timestamp() AS now");
    for (const relay of processes) relay.signal("SIGCONT");
    await drained(pool);
    const cpu = (await cpuSeconds(processes)) - before;
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

/** Relays that hold all lanes between them, in equal shares. */
export async function startRelays(site: BenchSite, count: number, pool: Pool): Promise<RelayProcess[]> {
  const names = Array.from({ length: count }, (_, i) => `relay-${i + 1}`);
  const processes = await Promise.all(
    names.map((name) =>
      spawnRelay({ name, ...site, env: site.relayEnv, logFile: process.env.BENCH_RELAY_LOG }),
    ),
  );
  const lanes = await laneCount(pool);
  for (;;) {
    const owners = (await readLanes(pool)).map((l) => l.owner);
    const shares = names.map((name) => owners.filter((o) => o === name).length);
    if (shares.every((share) => share >= Math.floor(lanes / count)) && owners.every(Boolean))
      return processes;
    await sleep(50);
  }
}

export async function fill(site: BenchSite, pool: Pool, rows: number, payloadBytes: number): Promise<void> {
  const of = await declared(site, pool);
  const payload = Buffer.from(JSON.stringify({ text: "p".repeat(payloadBytes - 11) }));
  for (let at = 0; at < rows; at += 1000) {
    const size = Math.min(1000, rows - at);
    await insertReady(
      pool,
      Array.from({ length: size }, (_, i) => benchMessage(site, of, at + i, payload)),
    );
  }
}

export interface Declared {
  appId: number;
  topicId: number;
  lanes: number;
}

export async function declared(site: BenchSite, pool: Pool): Promise<Declared> {
  const app = await upsertApp(pool, { name: "orders", checkUrl: null, checkAfterSeconds: null });
  const topic = await upsertTopic(pool, { name: site.topic, partitions: 6, schema: null, masked: false });
  return { appId: app.id, topicId: topic.id, lanes: await laneCount(pool) };
}

export function benchMessage(site: BenchSite, of: Declared, n: number, payload: Buffer): NewMessage {
  const id = newMessageId();
  const key = `customer-${n % 1000}`;
  return {
    id,
    appId: of.appId,
    topicId: of.topicId,
    lane: laneOf(site.topic, key, id, of.lanes),
    key,
    type: "order.created",
    businessKey: `order-${n}`,
    contentType: "application/json",
    headers: null,
    traceparent: null,
    payload,
    deliverAt: null,
    checkAfterSeconds: 600,
  };
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

async function cpuSeconds(relays: RelayProcess[]): Promise<number> {
  const { readFileSync } = await import("node:fs");
  let ticks = 0;
  for (const { pid } of relays) {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}
