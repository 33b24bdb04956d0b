import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "../../server/db.ts";
import { laneOf } from "../../server/domain/lane.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { laneCount, readLanes } from "../../server/store/lanes.ts";
import { insertReady, type NewMessage } from "../../server/store/store-messages.ts";
import { upsertTopic } from "../../server/store/topics.ts";
import { type RelayProcess, spawnRelay } from "../../test/chaos/relay-process.ts";

export interface BenchSite {
  databaseUrl: string;
  bootstrap: string;
  topic: string;
  /** Arguments of node for the relay processes, e.g. `--cpu-prof`. */
  nodeArgs: string[];
  relayEnv: Record<string, string>;
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
  const app = await upsertApp(pool, {
    name: "orders",
    checkUrl: null,
    checkAfterSeconds: null,
    contact: null,
  });
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
