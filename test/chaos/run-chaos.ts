import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { startApiProcess } from "../api/start-api-process.ts";
import { header, readAll } from "../relay/read-all.ts";
import { type FaultName, faults, inflict, quickened } from "./faults.ts";
import { Fleet } from "./fleet.ts";
import { judge, type Seen, type Truth, type Verdict } from "./judge.ts";
import { askResends } from "./ask-resends.ts";
import { produce } from "./produce.ts";
import { type ChaosSite, startSite } from "./site.ts";

export interface ChaosOptions {
  brokers: 1 | 3;
  seconds: number;
  faults: readonly FaultName[];
  /** How often they happen; 1, the default: as in a long run; less: more often. */
  pace?: number;
  /** A relay that ignores progress markers: the verdict must not be clean. */
  withoutMarker?: boolean;
  relays?: number;
  lanes?: number;
  producers?: number;
  /** Messages per second of all producers together. */
  perSecond?: number;
  leaseMs?: number;
  logFile?: string;
  onProgress?: (text: string) => void;
}

export interface ChaosResult extends Verdict {
  faults: Partial<Record<FaultName, number>>;
  /** Relays that ended without having been killed; each is a fault of ours. */
  relaysEnded: number;
  drainSeconds: number;
  /** Whether everything READY was sent in the end. */
  drained: boolean;
}

const LANES = 4;
const DRAIN_MS = 180_000;

/**
 * Relays, an API and producers at work while faults happen; then the faults end, everything drains, and Kafka's own
 * read_committed console consumer reads what is there.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const say = options.onProgress ?? (() => undefined);
  const site = await startSite({ brokers: options.brokers, lanes: options.lanes ?? LANES });
  const entry = options.withoutMarker ? "relay-without-marker-main.ts" : "relay-main.ts";
  const fleet = new Fleet(site, {
    entry: join("test/chaos", entry),
    leaseMs: options.leaseMs ?? 10_000,
    logFile: options.logFile,
  });
  const truth: Truth = {
    confirmed: new Map(),
    neverSent: new Set(),
    unknown: new Set(),
    resends: new Map(),
    maybeResent: new Set(),
  };
  const api = await startApiProcess(site.databaseUrl, {
    SURELAY_LOG_LEVEL: "info",
    SURELAY_RATE_PER_KEY: "1000000",
  });
  const counts: Record<string, number> = {};
  let relaysEnded = 0;
  try {
    for (let i = 1; i <= (options.relays ?? 3); i++) await fleet.start(`relay-${i}`);
    const producing = new AbortController();
    const count = options.producers ?? 8;
    const producers = Array.from({ length: count }, (_, i) =>
      produce({
        apiUrl: `http://127.0.0.1:${api.port}`,
        apiKey: site.apiKey,
        topics: site.topics,
        name: `p${i}`,
        perSecond: (options.perSecond ?? 1500) / count,
        truth,
        signal: producing.signal,
      }),
    );
    await firstSent(site);
    const asking = askResends({ db: site.pool, perSecond: 20, truth, signal: producing.signal });
    say("messages flow; faults begin");
    const deadline = performance.now() + options.seconds * 1000;
    const running = options.faults.map((name) =>
      inflict(name, quickened(faults[name], options.pace ?? 1), { site, fleet, deadline }, counts),
    );
    while (performance.now() < deadline) {
      await sleep(Math.min(10_000, deadline - performance.now()));
      say(`${truth.confirmed.size} confirmed, faults so far: ${JSON.stringify(counts)}`);
    }
    await Promise.all(running);
    producing.abort();
    await Promise.all([...producers, asking]);
    relaysEnded = (await fleet.revive()).length;
    say("faults are over; draining");
    const started = performance.now();
    const drained = await drain(site);
    const drainSeconds = Math.round((performance.now() - started) / 100) / 10;
    say(`drained in ${drainSeconds} s; reading with Kafka's own consumer`);
    const verdict = judge(truth, await readTopics(site));
    return { ...verdict, faults: counts, relaysEnded, drainSeconds, drained };
  } finally {
    await Promise.all([fleet.stop(), api.stop("SIGKILL")]);
    await site.stop();
  }
}

export async function firstSent(site: ChaosSite): Promise<void> {
  const started = performance.now();
  while ((await count(site, "SENT", "CONSUMED")) === 0) {
    if (performance.now() - started > 60_000) throw new Error("no message was sent within a minute");
    await sleep(100);
  }
}

async function drain(site: ChaosSite): Promise<boolean> {
  const started = performance.now();
  while (performance.now() - started < DRAIN_MS) {
    const left = await Promise.all([count(site, "READY"), countResends(site)]).catch(() => [1]);
    if (left.every((n) => n === 0)) return true;
    await sleep(200);
  }
  return false;
}

async function count(site: ChaosSite, ...states: string[]): Promise<number> {
  const { rows } = await site.pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM (SELECT FROM message_state WHERE state::text = ANY($1) LIMIT 1) AS found",
    [states],
  );
  return rows[0]!.n;
}

async function countResends(site: ChaosSite): Promise<number> {
  const { rows } = await site.pool.query<{ n: number }>("SELECT count(*)::int AS n FROM resend");
  return rows[0]!.n;
}

async function readTopics(site: ChaosSite): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const topic of site.topics)
    for (const record of await readAll(topic, site.cluster.bootstrap)) {
      const id = header(record, "ce_id") ?? "";
      const attempt = Number(header(record, "surelay-attempt"));
      seen.push({ id, topic, partition: record.partition, offset: record.offset, attempt });
    }
  return seen;
}
