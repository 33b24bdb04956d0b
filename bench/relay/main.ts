import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { producerPerf } from "../../local/kafka-tools.ts";
import { startBroker } from "../../local/kafka.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import { silentLog } from "../../server/log.ts";
import { printFigures, printTable } from "../support/report.ts";
import { startScratchDatabase } from "../support/scratch-database.ts";
import type { BenchSite } from "./bench-site.ts";
import { measureBacklog } from "./measure-backlog.ts";
import { measureLatency } from "./measure-latency.ts";

const PARTITIONS = 6;
const PAYLOAD_BYTES = 300;

/**
 * The relay on one machine, PostgreSQL (fsync on), Kafka and everything else beside it, and Kafka's own producer tool
 * (transactional) on the same broker.
 *
 * --rows N         backlog (default 200,000)
 * --seconds N      of each latency run (default 20)
 * --rates LIST     messages per second of the latency runs (default 100,1000)
 * --relays LIST    relay processes of the backlog runs (default 1,2)
 * --lanes N        default 4
 * --node-args S    for the relay processes, by spaces
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: "string", default: "200000" },
      seconds: { type: "string", default: "20" },
      rates: { type: "string", default: "100,1000" },
      relays: { type: "string", default: "1,2" },
      lanes: { type: "string", default: "4" },
      "node-args": { type: "string", default: "" },
    },
  });
  const numbers = (text: string) => text.split(",").filter(Boolean).map(Number);
  const folder = mkdtempSync(join(tmpdir(), "surelay-bench-kafka-"));
  const database = await startScratchDatabase({ lanes: Number(values.lanes) });
  const broker = await startBroker({ dataDir: folder });
  try {
    const kafka = createRelayKafka({ brokers: [broker.bootstrap], clientId: "bench", log: silentLog });
    for (const topic of ["orders.created", "perf"])
      await kafka.ensureTopic({ topic, partitions: PARTITIONS });
    await kafka.close();
    const site: BenchSite = {
      databaseUrl: database.url,
      bootstrap: broker.bootstrap,
      topic: "orders.created",
      nodeArgs: values["node-args"].split(" ").filter(Boolean),
      relayEnv: { SURELAY_LANE_LEASE_MS: "120000" },
    };
    const latency = [];
    for (const rate of numbers(values.rates))
      latency.push(await measureLatency(site, rate, Number(values.seconds)));
    printTable(
      "confirm → visible to a read_committed consumer, ms",
      latency.map((l) => ({ ...l })),
    );

    const backlog = [];
    for (const relays of numbers(values.relays))
      backlog.push(await measureBacklog(site, relays, Number(values.rows), PAYLOAD_BYTES));
    printTable(
      "a backlog of READY rows into Kafka and back to SENT",
      backlog.map((b) => ({ ...b })),
    );

    const perf = [];
    for (const transactionMs of [10, 100]) {
      const { recordsPerSecond, p50Ms, p99Ms } = await producerPerf({
        bootstrap: broker.bootstrap,
        topic: "perf",
        records: 500_000,
        recordBytes: PAYLOAD_BYTES,
        transactionMs,
      });
      perf.push({ transactionMs, recordsPerSecond: Math.round(recordsPerSecond), p50Ms, p99Ms });
    }
    printTable("beside it: kafka-producer-perf-test, transactional, one process, nothing else at work", perf);
    printFigures("relay", { payloadBytes: PAYLOAD_BYTES, partitions: PARTITIONS, backlog, latency, perf });
  } finally {
    await broker.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
