import { setTimeout as sleep } from "node:timers/promises";
import { createPool } from "../../server/db.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { silentLog } from "../../server/log.ts";
import { startRelays } from "../relay/bench-site.ts";
import { type LatencyFigures, startConsumer } from "../relay/measure-latency.ts";
import { quantile, round } from "../support/report.ts";
import { type CollectSite, startCollector } from "./collect-site.ts";

const WARM_UP_SECONDS = 3;
const TICK_MS = 10;

/**
 * From the moment an INSERT into the outbox is sent to the business database until a read_committed consumer has the record.
 * One collector, one relay; producer and consumer are one process and one clock.
 *
 * @param perTransaction rows that the business writes in one transaction
 */
export async function measureVisible(
  site: CollectSite,
  perSecond: number,
  seconds: number,
  perTransaction: number,
): Promise<LatencyFigures & { perTransaction: number }> {
  const pool = createPool({ url: site.databaseUrl, max: 4, name: "bench", log: silentLog, hot: true });
  const business = createPool({ url: site.businessUrl, max: 16, name: "bench", log: silentLog });
  const relays = await startRelays(site, 1, pool);
  const collector = await startCollector(site, pool);
  const insertedAt = new Map<string, number>();
  const delays: number[] = [];
  const consumer = await startConsumer(site, (id, at) => {
    const since = insertedAt.get(id);
    if (since === undefined) return;
    insertedAt.delete(id);
    delays.push(at - since);
  });
  const payload = Buffer.from(JSON.stringify({ text: "p".repeat(289) }));
  const insert = async (from: number, count: number) => {
    const ids = Array.from({ length: count }, () => newMessageId());
    const now = performance.now();
    for (const id of ids) insertedAt.set(id, now);
    await business.query({
      name: "insert-outbox",
      text: `INSERT INTO surelay_outbox (id, topic, message_key, type, content_type, payload)
             SELECT id, $2, 'customer-' || ($3::int + n) % 1000, 'order.created', 'application/json', $4::bytea
             FROM unnest($1::uuid[]) WITH ORDINALITY AS x(id, n)`,
      values: [ids, site.topic, from, payload],
    });
  };
  try {
    const total = perSecond * (WARM_UP_SECONDS + seconds);
    const start = performance.now();
    const running: Promise<void>[] = [];
    for (let next = 0; next < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1);
      for (; next < due; next += perTransaction)
        running.push(insert(next, Math.min(perTransaction, total - next)));
      await sleep(Math.max(TICK_MS, 1000 / perSecond));
    }
    await Promise.all(running);
    const deadline = performance.now() + 30_000;
    while (insertedAt.size > 0 && performance.now() < deadline) await sleep(20);
    if (insertedAt.size > 0) throw new Error(`${insertedAt.size} rows were not seen`);
    const counted = delays.slice(perSecond * WARM_UP_SECONDS);
    return {
      perSecond,
      perTransaction,
      messages: counted.length,
      p50: round(quantile(counted, 0.5)),
      p90: round(quantile(counted, 0.9)),
      p99: round(quantile(counted, 0.99)),
      max: round(quantile(counted, 1)),
    };
  } finally {
    await consumer.disconnect();
    await Promise.all([collector.kill(), ...relays.map((relay) => relay.stop())]);
    await Promise.all([pool.end(), business.end()]);
  }
}
