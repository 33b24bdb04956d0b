import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs from "kafkajs";
import { newMessageId } from "../../server/domain/message-id.ts";
import { HttpClient } from "../support/http-client.ts";
import { quantile, round } from "../support/report.ts";

/** What the driver is asked to do; given as JSON on its standard input. */
export type DriverTask =
  | { kind: "acks"; port: number; key: string; clients: number; batch: number; ids: string[] }
  | {
      /** Messages that live their whole life: prepared, confirmed, read from Kafka, acknowledged. */
      kind: "life";
      port: number;
      produceKey: string;
      consumeKey: string;
      bootstrap: string;
      topic: string;
      subscription: string;
      /** Group of the consumer; null acknowledges by calls. */
      offsetGroup: string | null;
      /** Messages per second; 0: as many as go through, `open` of them under way at most. */
      rate: number;
      open: number;
      clients: number;
      batch: number;
      warmupSeconds: number;
      seconds: number;
    };

export interface AcksDone {
  seconds: number;
  failed: number;
}

export interface LifeDone {
  /** Messages that came to the consumer, and were acknowledged, in the measured time. */
  perSecond: number;
  prepared: number;
  acked: number;
  failed: number;
  /** ms from the call of prepare to its record in the consumer's hand, and to the answer to its acknowledgement. */
  toConsumer: { p50: number; p99: number };
  toAcked: { p50: number; p99: number };
  cpuSeconds: number;
}

const PAYLOAD = JSON.stringify({ text: "p".repeat(289) });
const ACK_BATCH = 500;

const task = JSON.parse(await text(process.stdin)) as DriverTask;
console.log(JSON.stringify(task.kind === "acks" ? await runAcks(task) : await runLife(task)));
process.exit(0);

async function runAcks(of: Extract<DriverTask, { kind: "acks" }>): Promise<AcksDone> {
  let next = 0;
  let failed = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: of.clients }, async () => {
      const client = new HttpClient(of.port, of.key);
      while (next < of.ids.length) {
        const ids = of.ids.slice(next, (next += of.batch));
        const reply = await client.post("/v1/acks", ackBody(ids, "bench"));
        if (!reply.ok || reply.body.includes('"error"')) failed += ids.length;
      }
      client.end();
    }),
  );
  return { seconds: (performance.now() - began) / 1000, failed };
}

function ackBody(ids: readonly string[], subscription: string): string {
  const items = ids.map((id) => `{"messageId":"${id}","subscription":"${subscription}","outcome":"acked"}`);
  return `{"items":[${items.join(",")}]}`;
}

async function runLife(of: Extract<DriverTask, { kind: "life" }>): Promise<LifeDone> {
  process.env.KAFKAJS_NO_PARTITIONER_WARNING = "1";
  const done = { acked: 0, failed: 0, prepared: 0 };
  const born = new Map<string, number>();
  const toConsumer: number[] = [];
  const toAcked: number[] = [];
  let measuring = false;

  const idle: HttpClient[] = [];
  const acknowledge = async (ids: readonly string[]): Promise<void> => {
    const client = idle.pop() ?? new HttpClient(of.port, of.consumeKey);
    const reply = await client.post("/v1/acks", ackBody(ids, of.subscription));
    idle.push(client);
    if (!reply.ok || reply.body.includes('"error"')) done.failed += ids.length;
  };
  const settle = (ids: readonly string[], at: number): void => {
    for (const id of ids) {
      const since = born.get(id);
      born.delete(id);
      if (since === undefined) continue;
      done.acked++;
      if (measuring) toAcked.push(at - since);
    }
  };
  const consumer = await consume(of, async (ids) => {
    const at = performance.now();
    if (measuring) for (const id of ids) toConsumer.push(at - (born.get(id) ?? at));
    if (of.offsetGroup !== null) return settle(ids, at);
    for (let from = 0; from < ids.length; from += ACK_BATCH) {
      const some = ids.slice(from, from + ACK_BATCH);
      await acknowledge(some);
      settle(some, performance.now());
    }
  });

  const until = performance.now() + (of.warmupSeconds + of.seconds) * 1000;
  const producing = produce(of, until, born, done);
  await sleep(of.warmupSeconds * 1000);
  measuring = true;
  const before = { acked: done.acked, at: performance.now(), cpu: process.cpuUsage() };
  await sleep(until - performance.now());
  const seconds = (performance.now() - before.at) / 1000;
  const acked = done.acked - before.acked;
  const used = process.cpuUsage(before.cpu);
  measuring = false;
  await producing;
  for (let waited = 0; born.size > 0 && waited < 20_000; waited += 20) await sleep(20);
  const figures = (values: number[]) => ({
    p50: round(quantile(values, 0.5)),
    p99: round(quantile(values, 0.99)),
  });
  await consumer.disconnect();
  return {
    perSecond: Math.round(acked / seconds),
    ...done,
    failed: done.failed + born.size,
    toConsumer: figures(toConsumer),
    toAcked: figures(toAcked),
    cpuSeconds: (used.user + used.system) / 1e6,
  };
}

async function produce(
  of: Extract<DriverTask, { kind: "life" }>,
  until: number,
  born: Map<string, number>,
  done: { prepared: number; failed: number },
): Promise<void> {
  const began = performance.now();
  await Promise.all(
    Array.from({ length: of.clients }, async () => {
      const client = new HttpClient(of.port, of.produceKey);
      while (performance.now() < until) {
        const due =
          of.rate === 0
            ? of.open - born.size
            : Math.floor(((performance.now() - began) / 1000) * of.rate) + 1 - done.prepared;
        const count = Math.min(of.batch, due);
        if (count <= 0 || (of.rate === 0 && count < of.batch)) {
          await sleep(of.rate === 0 ? 2 : 1);
          continue;
        }
        done.prepared += count;
        const ids = Array.from({ length: count }, newMessageId);
        const now = performance.now();
        for (const id of ids) born.set(id, now);
        const items = ids.map((id) => bodyOf(of.topic, id));
        const ok =
          (await client.post("/v1/batches/prepare", `{"items":[${items.join(",")}]}`)).ok &&
          (await client.post("/v1/batches/confirm", `{"ids":["${ids.join('","')}"]}`)).ok;
        if (!ok) done.failed += count;
      }
      client.end();
    }),
  );
}

function bodyOf(topic: string, id: string): string {
  return `{"id":"${id}","topic":"${topic}","key":"${id.slice(-4)}","businessKey":"order-${id.slice(-8)}","payload":${PAYLOAD}}`;
}

async function consume(
  of: Extract<DriverTask, { kind: "life" }>,
  handle: (ids: string[]) => Promise<void> | void,
) {
  const consumer = new kafkajs.Kafka({
    brokers: [of.bootstrap],
    clientId: "bench",
    logLevel: kafkajs.logLevel.NOTHING,
  }).consumer({
    groupId: of.offsetGroup ?? `bench-${newMessageId()}`,
    readUncommitted: false,
    maxWaitTimeInMs: 100,
    minBytes: 1,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [of.topic], fromBeginning: false });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({
    partitionsConsumedConcurrently: 3,
    eachBatch: async ({ batch }) => {
      await handle(batch.messages.map((message) => String(message.headers?.ce_id)));
    },
  });
  await joined;
  await sleep(1000); // its first fetches settle where the topic ends now
  return consumer;
}
