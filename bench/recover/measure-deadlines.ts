import { setTimeout as sleep } from "node:timers/promises";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { startRecoverProcess } from "../../test/recover/start-recover-process.ts";
import { declare, newMessage } from "../../test/support/messages.ts";
import { subscribe } from "../../test/support/subscriptions.ts";
import { round } from "../support/report.ts";

const BATCH = 500;
const LANE = 0;

/** Deadlines missed, and redeliveries queued, per second, of one subscription whose consumers are away. */
export async function measureDeadlines(url: string, count: number) {
  const pool = createPool({ url, max: 4, name: "bench", log: silentLog });
  const hot = createPool({ url, max: 1, name: "bench hot", log: silentLog, hot: true });
  try {
    const topic = "orders.failing";
    const owner = await declare(pool, { topic });
    const { id } = await subscribe(pool, {
      topic,
      name: "shipping",
      ackTimeoutSeconds: 86_400,
      retry: { maxInFlight: 1_000_000, firstDelaySeconds: 3600 },
    });
    const lease = await acquireLane(pool, { lane: LANE, owner: "bench", ttlMs: 3_600_000 });
    for (let done = 0; done < count; done += BATCH) {
      const messages = Array.from({ length: Math.min(BATCH, count - done) }, () =>
        newMessage(owner, { lane: LANE }),
      );
      await insertReady(hot, messages);
      const sent = messages.map((m, i) => ({ id: m.id, partition: 0, offset: BigInt(done + i) }));
      await markSent(hot, { lane: LANE, epoch: lease!.epoch, progressOffset: 1n, sent });
    }
    const due = "UPDATE delivery SET due_at = now() WHERE subscription_id = $1 AND due_at IS NOT NULL";
    await pool.query(due, [id]);
    await pool.query("VACUUM ANALYZE delivery");
    const recover = await startRecoverProcess(url, "recover-1");
    const timedOutIn = await until(pool, "SELECT count(*)::int AS n FROM delivery WHERE state = 'PENDING'");
    // Its valve would hold them back, rightly: what is measured is how fast they could flow.
    await pool.query("TRUNCATE failure_flow");
    await pool.query("UPDATE subscription_valve SET state = 'open', probe_at = NULL, version = version + 1");
    await pool.query(due, [id]);
    const queuedIn = await until(
      pool,
      "SELECT count(*)::int AS n FROM delivery WHERE state = 'WAITING' AND due_at IS NOT NULL",
    );
    recover.kill("SIGTERM");
    await recover.ended;
    return {
      deliveries: count,
      timedOutPerSecond: Math.round(count / timedOutIn),
      timedOutMicros: round((timedOutIn / count) * 1e6),
      queuedPerSecond: Math.round(count / queuedIn),
      queuedMicros: round((queuedIn / count) * 1e6),
    };
  } finally {
    await Promise.all([pool.end(), hot.end()]);
  }
}

/** Seconds until a count is zero. */
async function until(pool: Pool, count: string): Promise<number> {
  const started = performance.now();
  while ((await pool.query<{ n: number }>(count)).rows[0]!.n > 0) await sleep(50);
  return (performance.now() - started) / 1000;
}
