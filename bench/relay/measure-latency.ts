import { setTimeout as sleep } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import kafkajs from "kafkajs";
import { createPool, type Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { confirmMessages } from "../../server/store/confirm-messages.ts";
import { insertPrepared, type NewMessage } from "../../server/store/store-messages.ts";
import { quantile, round } from "../support/report.ts";
import { benchMessage, type BenchSite, declared, startRelays } from "./bench-site.ts";

export interface LatencyFigures {
  perSecond: number;
  messages: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

const WARM_UP_SECONDS = 3;
/** Confirms of one tick go in one statement, as the API's flushes do. */
const TICK_MS = 10;

/**
 * From the moment a confirm is sent to the database until a read_committed consumer has the record. Producer and consumer
 * are one process and one clock. One relay.
 */
export async function measureLatency(
  site: BenchSite,
  perSecond: number,
  seconds: number,
): Promise<LatencyFigures> {
  const pool = createPool({ url: site.databaseUrl, max: 8, name: "bench", log: silentLog, hot: true });
  const relays = await startRelays(site, 1, pool);
  const confirmedAt = new Map<string, number>();
  const delays: number[] = [];
  const consumer = await startConsumer(site, (id, at) => {
    const since = confirmedAt.get(id);
    if (since === undefined) return;
    confirmedAt.delete(id);
    delays.push(at - since);
  });
  try {
    const messages = await prepare(site, pool, perSecond * (WARM_UP_SECONDS + seconds));
    const start = performance.now();
    const running: Promise<unknown>[] = [];
    for (let next = 0; next < messages.length; ) {
      const due = Math.min(messages.length, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1);
      const batch = messages.slice(next, due);
      next = Math.max(next, due);
      const now = performance.now();
      for (const message of batch) confirmedAt.set(message.id, now);
      if (batch.length > 0) running.push(confirmMessages(pool, batch, "producer"));
      await sleep(Math.max(TICK_MS, 1000 / perSecond));
    }
    await Promise.all(running);
    const deadline = performance.now() + 30_000;
    while (confirmedAt.size > 0 && performance.now() < deadline) await sleep(20);
    if (confirmedAt.size > 0) throw new Error(`${confirmedAt.size} messages were not seen`);
    const counted = delays.slice(perSecond * WARM_UP_SECONDS);
    return {
      perSecond,
      messages: counted.length,
      p50: round(quantile(counted, 0.5)),
      p90: round(quantile(counted, 0.9)),
      p99: round(quantile(counted, 0.99)),
      max: round(quantile(counted, 1)),
    };
  } finally {
    await consumer.disconnect();
    await Promise.all(relays.map((relay) => relay.stop()));
    await pool.end();
  }
}

async function prepare(site: BenchSite, pool: Pool, count: number): Promise<NewMessage[]> {
  const of = await declared(site, pool);
  const payload = Buffer.from(JSON.stringify({ text: "p".repeat(289) }));
  const messages = Array.from({ length: count }, (_, n) => benchMessage(site, of, n, payload));
  for (let at = 0; at < count; at += 500) await insertPrepared(pool, messages.slice(at, at + 500));
  return messages;
}

/** Reads the topic from its end as a read_committed consumer; tells of each record when its fetch was answered. */
export async function startConsumer(
  site: Pick<BenchSite, "bootstrap" | "topic">,
  onRecord: (id: string, at: number) => void,
) {
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = "1";
  const consumer = new kafkajs.Kafka({
    brokers: [site.bootstrap],
    clientId: "bench",
    logLevel: kafkajs.logLevel.NOTHING,
  }).consumer({
    groupId: `bench-${randomUUID()}`,
    readUncommitted: false,
    maxWaitTimeInMs: 500,
    minBytes: 1,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [site.topic], fromBeginning: false });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({
    eachBatch: ({ batch }) => {
      const at = performance.now();
      for (const message of batch.messages) onRecord(String(message.headers?.ce_id), at);
      return Promise.resolve();
    },
  });
  await joined;
  await sleep(1000); // its first fetches settle where the topic ends now
  return consumer;
}
