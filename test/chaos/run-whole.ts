import { setTimeout as sleep } from "node:timers/promises";
import { askResends } from "./ask-resends.ts";
import { inflict } from "./faults.ts";
import { Fleet } from "./fleet.ts";
import { isClean, judge, type Truth, type Verdict } from "./judge.ts";
import { produce } from "./produce.ts";
import { firstSent } from "./run-chaos.ts";
import { type ChaosSite, startSite } from "./site.ts";
import { drainWhole, type Drained } from "./whole/drain-whole.ts";
import { type ConsumptionVerdict, isConsumed, judgeConsumption } from "./whole/judge-consumption.ts";
import { type Crew, prepareWhole, type Whole } from "./whole/prepare-whole.ts";
import { readEvidence } from "./whole/read-evidence.ts";
import { wholeFaults } from "./whole/whole-faults.ts";

export interface WholeOptions {
  seconds: number;
  /** How often faults happen; 1: as in a long run; less: more often. */
  pace: number;
  /** Messages per second of the plain producers; as many come from transactions. */
  perSecond: number;
  /** How long what is on its way may take in the end, ms. */
  patienceMs: number;
  crew?: Partial<Crew>;
  /** Takes the processes' logs. */
  logFile?: string;
  onProgress?: (text: string) => void;
}

export interface WholeResult extends Verdict, ConsumptionVerdict, Drained {
  faults: Record<string, number>;
  /** Processes that ended without having been killed, and how; each is a fault of ours. */
  ended: string[];
  /** Transactions that stand. */
  transactions: number;
  drainSeconds: number;
}

const PLAIN_PRODUCERS = 4;
const RESENDS_PER_SECOND = 2;

export function isWhole(result: WholeResult): boolean {
  return (
    isClean(result) &&
    isConsumed(result) &&
    Object.keys(result.left).length === 0 &&
    result.ended.length === 0
  );
}

/**
 * The whole way at once: producers with transactions and without, API, relays, status confirmation, recovery, acknowledgement,
 * notification, consumers of every kind and a webhook's receiver, on one broker and one database; all of them are killed and
 * stopped at random. Then the faults end, an operator redrives what died of them, everything drains, and what Kafka's own
 * consumer reads and what consumers have done is compared with what the producers know.
 */
export async function runWhole(options: WholeOptions): Promise<WholeResult> {
  const say = options.onProgress ?? (() => undefined);
  const crew: Crew = {
    relays: 2,
    consumers: 2,
    producers: 2,
    perProducer: options.perSecond / 2,
    leaseMs: 3000,
    ...options.crew,
  };
  // So that nobody waits six seconds for a consumer that was killed.
  const site = await startSite({
    brokers: 1,
    lanes: 4,
    properties: { "group.min.session.timeout.ms": "500" },
  });
  const whole = await prepareWhole(site, crew).catch(async (error: unknown) => {
    await site.stop();
    throw error;
  });
  const fleet = new Fleet(site, { entry: "", leaseMs: crew.leaseMs, logFile: options.logFile });
  try {
    return await playWhole(options, site, whole, fleet, say);
  } finally {
    await fleet.stop();
    await whole.stop();
    await site.stop();
  }
}

async function playWhole(
  options: WholeOptions,
  site: ChaosSite,
  whole: Whole,
  fleet: Fleet,
  say: (text: string) => void,
): Promise<WholeResult> {
  const truth: Truth = {
    confirmed: new Map(),
    neverSent: new Set(),
    unknown: new Set(),
    resends: new Map(),
    maybeResent: new Set(),
  };
  for (const [name, role] of Object.entries(whole.roles)) await fleet.start(name, role);
  const producing = new AbortController();
  const { signal } = producing;
  const producers = Array.from({ length: PLAIN_PRODUCERS }, (_, i) =>
    produce({
      apiUrl: whole.apiUrl,
      apiKey: site.apiKey,
      topics: site.topics,
      name: `p${i}`,
      perSecond: options.perSecond / PLAIN_PRODUCERS,
      truth,
      signal,
    }),
  );
  await firstSent(site);
  producers.push(askResends({ db: site.pool, perSecond: RESENDS_PER_SECOND, truth, signal }));
  say("messages flow; faults begin");
  const faults: Record<string, number> = {};
  const deadline = performance.now() + options.seconds * 1000;
  const inflicting = Object.entries(wholeFaults(options.pace)).map(([name, fault]) =>
    inflict(name, fault, { site, fleet, deadline }, faults),
  );
  const ended: string[] = [];
  for (let n = 1; performance.now() < deadline; n++) {
    await sleep(Math.min(1000, Math.max(0, deadline - performance.now())));
    ended.push(...(await fleet.revive()));
    if (n % 10 === 0) say(`${truth.confirmed.size} confirmed, faults so far: ${JSON.stringify(faults)}`);
  }
  await Promise.all(inflicting);
  producing.abort();
  await Promise.all(producers);
  for (const name of Object.keys(whole.roles).filter((one) => one.startsWith("producer")))
    await fleet.leave(name);
  ended.push(...(await fleet.revive()));
  say("faults are over; draining");
  const started = performance.now();
  const drained = await drainWhole(site.pool, options.patienceMs);
  const drainSeconds = Math.round((performance.now() - started) / 100) / 10;
  say(`drained in ${drainSeconds} s; reading with Kafka's own consumer`);
  await fleet.stop();
  const evidence = await readEvidence(site, whole);
  const transactions = await readTransactions(whole);
  for (const id of transactions) truth.confirmed.set(id, { topic: "", key: id, n: 1 });
  return {
    ...judge(truth, evidence.records),
    ...judgeConsumption(evidence),
    ...drained,
    faults,
    ended,
    transactions: transactions.length,
    drainSeconds,
  };
}

/** Their messages have no place among the plain producers' orders: a check-back may settle them in any. */
async function readTransactions({ business }: Whole): Promise<string[]> {
  return (await business.query<{ id: string }>("SELECT message_id AS id FROM made")).rows.map(({ id }) => id);
}
