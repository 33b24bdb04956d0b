import kafkajs from "kafkajs";
import { waitUntil } from "../../local/wait-until.ts";
import { createPool, type Pool } from "../../server/db.ts";
import { completeSubscription } from "../../server/domain/subscription.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import { silentLog } from "../../server/log.ts";
import { ackFlush } from "../../server/services/acks/ack-flush.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { insertSubscription } from "../../server/store/subscriptions.ts";
import { declareOwnTopic } from "../../server/store/topics.ts";
import { acksTopic } from "../../workers/ack/acks-topic.ts";
import { cpuSeconds, cpuSecondsOfTree } from "../intake/cpu-time.ts";
import { benchMessage, type BenchSite, declared } from "../relay/bench-site.ts";
import { round } from "../support/report.ts";
import type { AcksDone } from "./driver.ts";
import { runDriver, startService } from "./ack-site.ts";

export interface SettlingSite {
  databaseUrl: string;
  databasePid: number;
  bootstrap: string;
  consumeKey: string;
  rows: number;
}

/** One way to acknowledge; µs of CPU per message. */
export interface SettlingRow {
  way: string;
  perSecond: number;
  serviceMicros: number;
  postgresMicros: number;
}

const PARTITIONS = 6;
const BATCH = 500;
const PAYLOAD = Buffer.from(JSON.stringify({ text: "p".repeat(289) }));

/** As many messages as `rows` that are SENT and wait for nothing but their acknowledgement, settled in each of the ways. */
export async function measureSettling(site: SettlingSite): Promise<SettlingRow[]> {
  const pool = createPool({ url: site.databaseUrl, max: 4, name: "bench", log: silentLog, hot: true });
  try {
    const rows = [await byStatement(site, pool), await byCalls(site, pool)];
    rows.push(await byTopic(site, pool), await byOffset(site, pool));
    return rows;
  } finally {
    await pool.end();
  }
}

async function byStatement(site: SettlingSite, pool: Pool): Promise<SettlingRow> {
  const { ids } = await sent(site, pool, "bench.statement", "explicit");
  const before = cpuSecondsOfTree(site.databasePid);
  const began = performance.now();
  for (let at = 0; at < ids.length; at += BATCH)
    await ackFlush(
      pool,
      ids.slice(at, at + BATCH).map((messageId) => ({
        messageId,
        subscription: "bench",
        appId: null,
        outcome: "acked" as const,
        attempt: null,
        retryAfterSeconds: null,
        failure: null,
      })),
    );
  const seconds = (performance.now() - began) / 1000;
  return rowOf("the statement alone, batches of 500", ids.length, seconds, {
    service: Number.NaN,
    postgres: cpuSecondsOfTree(site.databasePid) - before,
  });
}

async function byCalls(site: SettlingSite, pool: Pool): Promise<SettlingRow> {
  const { ids } = await sent(site, pool, "bench.calls", "explicit");
  const api = await startService("api", { DATABASE_URL: site.databaseUrl });
  try {
    const used = watch(site, api.pid);
    const done = await runDriver<AcksDone>({
      kind: "acks",
      port: api.port,
      key: site.consumeKey,
      clients: 8,
      batch: 100,
      ids,
    });
    if (done.failed > 0) throw new Error(`${done.failed} acks failed`);
    return rowOf("POST /v1/acks, batches of 100, 8 clients", ids.length, done.seconds, used());
  } finally {
    await api.stop();
  }
}

async function byTopic(site: SettlingSite, pool: Pool): Promise<SettlingRow> {
  const { ids, topicId } = await sent(site, pool, "bench.topic", "explicit");
  await produceAcks(site, ids);
  return withAck(site, pool, "topic surelay.acks", ids.length, topicId);
}

async function byOffset(site: SettlingSite, pool: Pool): Promise<SettlingRow> {
  const { ids, topicId, topic, group } = await sent(site, pool, "bench.offset", "offset");
  const admin = clientOf(site).admin();
  await admin.connect();
  const offset = String(Math.ceil(ids.length / PARTITIONS));
  await admin.setOffsets({
    groupId: group,
    topic,
    partitions: Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, offset })),
  });
  await admin.disconnect();
  return withAck(site, pool, "committed offsets", ids.length, topicId);
}

/** From the first that the process settles until the last. */
async function withAck(
  site: SettlingSite,
  pool: Pool,
  way: string,
  rows: number,
  topicId: number,
): Promise<SettlingRow> {
  const consumed = async () => {
    const { rows: found } = await pool.query<{ n: number }>(
      "SELECT coalesce(sum(entered), 0)::int AS n FROM message_flow WHERE state = 'CONSUMED' AND topic_id = $1",
      [topicId],
    );
    return found[0]!.n;
  };
  const ack = await startService("ack", { DATABASE_URL: site.databaseUrl, KAFKA_BROKERS: site.bootstrap });
  try {
    const first = await waitUntil(consumed, { timeoutMs: 60_000, everyMs: 5 });
    const used = watch(site, ack.pid);
    const began = performance.now();
    const all = await waitUntil(async () => (await consumed()) >= rows, { timeoutMs: 300_000, everyMs: 20 });
    if (!all) throw new Error(`${way}: not all were settled`);
    return rowOf(way, rows - first!, (performance.now() - began) / 1000, used());
  } finally {
    await ack.stop();
  }
}

function watch(site: SettlingSite, pid: number): () => { service: number; postgres: number } {
  const read = () => ({ service: cpuSeconds(pid), postgres: cpuSecondsOfTree(site.databasePid) });
  const before = read();
  return () => {
    const after = read();
    return { service: after.service - before.service, postgres: after.postgres - before.postgres };
  };
}

function rowOf(
  way: string,
  messages: number,
  seconds: number,
  cpu: { service: number; postgres: number },
): SettlingRow {
  return {
    way,
    perSecond: Math.round(messages / seconds),
    serviceMicros: round((cpu.service * 1e6) / messages),
    postgresMicros: round((cpu.postgres * 1e6) / messages),
  };
}

/** Declares a topic with one subscription and marks messages of it SENT, spread over its partitions. */
async function sent(site: SettlingSite, pool: Pool, topic: string, ack: "explicit" | "offset") {
  const of: BenchSite = { ...site, topic, nodeArgs: [], relayEnv: {} };
  const owner = await declared(of, pool);
  const group = `${topic}.group`;
  await declareSubscription(pool, topic, ack, group);
  const kafka = createRelayKafka({ brokers: [site.bootstrap], clientId: "bench", log: silentLog });
  await kafka.ensureTopic({ topic, partitions: PARTITIONS });
  await kafka.close();
  const lease = await acquireLane(pool, { lane: 0, owner: "bench", ttlMs: 600_000 });
  const ids: string[] = [];
  for (let at = 0; at < site.rows; at += BATCH) {
    const messages = Array.from({ length: Math.min(BATCH, site.rows - at) }, (_, i) => ({
      ...benchMessage(of, owner, at + i, PAYLOAD),
      lane: 0,
    }));
    await insertReady(pool, messages);
    await markSent(pool, {
      lane: 0,
      epoch: lease!.epoch,
      progressOffset: BigInt(at),
      sent: messages.map(({ id }, i) => ({
        id,
        partition: (at + i) % PARTITIONS,
        offset: BigInt(Math.floor((at + i) / PARTITIONS)),
      })),
    });
    ids.push(...messages.map(({ id }) => id));
  }
  // As it was: relays come next, and a lane of somebody who does not relay is one that stands still.
  await pool.query("UPDATE lane SET owner = NULL, expires_at = NULL, progress_offset = -1 WHERE lane = 0");
  await pool.query("ANALYZE message_state, delivery");
  return { ids, topicId: owner.topicId, topic, group };
}

/** A subscription `bench` of a topic, with its retry topic, in the store alone. */
export async function declareSubscription(
  pool: Pool,
  topic: string,
  ack: "explicit" | "offset",
  groupId: string,
): Promise<void> {
  const spec = completeSubscription({ topic, name: "bench", ack, groupId, ackTimeoutSeconds: 3600 });
  const retry =
    ack === "explicit"
      ? await declareOwnTopic(pool, { name: `${topic}.bench.retry`, kind: "retry", partitions: PARTITIONS })
      : null;
  const done = await insertSubscription(pool, spec, { retry, deadLetter: null });
  if (done !== "inserted") throw new Error(`the subscription of ${topic} was not declared: ${done}`);
}

const clientOf = (site: SettlingSite) =>
  new kafkajs.Kafka({ brokers: [site.bootstrap], clientId: "bench", logLevel: kafkajs.logLevel.NOTHING });

async function produceAcks(site: SettlingSite, ids: readonly string[]): Promise<void> {
  const kafka = createRelayKafka({ brokers: [site.bootstrap], clientId: "bench", log: silentLog });
  const topic = acksTopic("local");
  await kafka.ensureTopic({ topic, partitions: 8 });
  await kafka.close();
  const producer = clientOf(site).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  for (let at = 0; at < ids.length; at += 5000)
    await producer.send({
      topic,
      messages: ids.slice(at, at + 5000).map((messageId) => ({
        key: messageId,
        value: JSON.stringify({ messageId, subscription: "bench", outcome: "acked" }),
      })),
    });
  await producer.disconnect();
}
