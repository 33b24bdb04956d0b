import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import { waitUntil } from "../../local/wait-until.ts";
import { cpuSeconds, cpuSecondsOfTree } from "../intake/cpu-time.ts";
import { declared } from "../relay/bench-site.ts";
import { round } from "../support/report.ts";
import { runDriver, type Service, startService } from "./ack-site.ts";
import type { LifeDone } from "./driver.ts";
import { declareSubscription } from "./measure-settling.ts";

export interface LifeSite {
  databaseUrl: string;
  databasePid: number;
  brokerPid: number;
  bootstrap: string;
  produceKey: string;
  consumeKey: string;
}

export interface LifeLoad {
  way: "explicit" | "offset";
  /** Messages per second; 0: as many as go through. */
  rate: number;
  seconds: number;
  warmupSeconds: number;
}

export interface LifeFigures {
  way: string;
  perSecond: number;
  toConsumer: { p50: number; p99: number };
  toAcked: { p50: number; p99: number };
  failed: number;
  /** Messages that the store says are CONSUMED, of those that were prepared. */
  consumed: string;
  /** µs per message, by process. */
  cpuMicros: Record<string, number>;
}

const PARTITIONS = 6;
let runs = 0;

/** Prepare, confirm, relay, consume, acknowledge: api, relay and ack in processes of their own beside one driver. */
export async function measureLife(site: LifeSite, load: LifeLoad): Promise<LifeFigures> {
  const topic = `life.${++runs}`;
  const group = `${topic}.group`;
  const pool = createPool({ url: site.databaseUrl, max: 2, name: "bench", log: silentLog });
  const services: Service[] = [];
  try {
    const of = await declared({ ...site, topic, nodeArgs: [], relayEnv: {} }, pool);
    await declareSubscription(pool, topic, load.way, group);
    const kafka = createRelayKafka({ brokers: [site.bootstrap], clientId: "bench", log: silentLog });
    await kafka.ensureTopic({ topic, partitions: PARTITIONS });
    await kafka.close();
    const settings = { DATABASE_URL: site.databaseUrl, KAFKA_BROKERS: site.bootstrap };
    for (const name of ["api", "relay", "ack"] as const) services.push(await startService(name, settings));
    await waitUntil(async () => (await lanesOwned(pool)) === 4, { timeoutMs: 60_000 });
    const pids = { api: services[0]!.pid, relay: services[1]!.pid, ack: services[2]!.pid };
    const used = () => ({
      ...Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)])),
      postgres: cpuSecondsOfTree(site.databasePid),
      kafka: cpuSeconds(site.brokerPid),
    });
    const before: Record<string, number> = used();
    const done = await runDriver<LifeDone>({
      kind: "life",
      port: services[0]!.port,
      produceKey: site.produceKey,
      consumeKey: site.consumeKey,
      bootstrap: site.bootstrap,
      topic,
      subscription: "bench",
      offsetGroup: load.way === "offset" ? group : null,
      rate: load.rate,
      open: 6000,
      clients: load.rate === 0 ? 6 : 8,
      batch: load.rate === 0 ? 200 : 20,
      warmupSeconds: load.warmupSeconds,
      seconds: load.seconds,
    });
    const after: Record<string, number> = used();
    const consumed = async () => {
      const { rows } = await pool.query<{ n: number }>(
        "SELECT coalesce(sum(entered), 0)::int AS n FROM message_flow WHERE state = 'CONSUMED' AND topic_id = $1",
        [of.topicId],
      );
      return rows[0]!.n;
    };
    await waitUntil(async () => (await consumed()) >= done.prepared, { timeoutMs: 20_000, everyMs: 50 });
    const cpu = Object.entries(after).map(
      ([name, seconds]) => [name, round(((seconds - before[name]!) * 1e6) / done.prepared)] as const,
    );
    return {
      way: load.way,
      perSecond: done.perSecond,
      toConsumer: done.toConsumer,
      toAcked: done.toAcked,
      failed: done.failed,
      consumed: `${await consumed()} of ${done.prepared}`,
      cpuMicros: {
        ...Object.fromEntries(cpu),
        driver: round((done.cpuSeconds * 1e6) / (done.perSecond * load.seconds)),
      },
    };
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await pool.end();
  }
}

async function lanesOwned(pool: ReturnType<typeof createPool>): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM lane WHERE owner IS NOT NULL AND expires_at > now()",
  );
  return rows[0]!.n;
}
