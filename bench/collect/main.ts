import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startBroker } from "../../local/kafka.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import { silentLog } from "../../server/log.ts";
import type { BenchSite } from "../relay/bench-site.ts";
import { measureBacklog } from "../relay/measure-backlog.ts";
import { measureLatency } from "../relay/measure-latency.ts";
import { printFigures, printTable } from "../support/report.ts";
import { startScratchDatabase } from "../support/scratch-database.ts";
import { makeBusiness } from "./collect-site.ts";
import { measureCollect } from "./measure-collect.ts";
import { measureVisible } from "./measure-visible.ts";

const PAYLOAD_BYTES = 300;

/**
 * A local message table into Kafka, one collector and one relay, everything on one machine, and beside it the relay alone
 * with messages that are in the store already.
 *
 * --rows N           backlog (default 200,000)
 * --seconds N        of the latency runs (default 15)
 * --rate N           rows per second of the latency runs (default 1000)
 * --per-transaction LIST   rows of one business transaction in the latency runs (default 1,10)
 * --lanes N          default 4
 * --collect-args S   arguments of node for the collector, by spaces
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: "string", default: "200000" },
      seconds: { type: "string", default: "15" },
      rate: { type: "string", default: "1000" },
      "per-transaction": { type: "string", default: "1,10" },
      lanes: { type: "string", default: "4" },
      "collect-args": { type: "string", default: "" },
    },
  });
  const [rows, seconds, rate] = [Number(values.rows), Number(values.seconds), Number(values.rate)];
  const folder = mkdtempSync(join(tmpdir(), "surelay-bench-kafka-"));
  const database = await startScratchDatabase({ lanes: Number(values.lanes) });
  const broker = await startBroker({ dataDir: folder });
  try {
    const topic = "orders.created";
    const kafka = createRelayKafka({ brokers: [broker.bootstrap], clientId: "bench", log: silentLog });
    await kafka.ensureTopic({ topic, partitions: 6 });
    await kafka.close();
    const relaySite: BenchSite = {
      databaseUrl: database.url,
      bootstrap: broker.bootstrap,
      topic,
      nodeArgs: [],
      relayEnv: { SURELAY_LANE_LEASE_MS: "120000" },
    };
    const collectArgs = values["collect-args"].split(" ").filter(Boolean);
    const site = { ...relaySite, collectArgs, businessUrl: await makeBusiness(relaySite) };

    const visible = [];
    for (const perTransaction of values["per-transaction"].split(",").filter(Boolean).map(Number))
      visible.push(await measureVisible(site, rate, seconds, perTransaction));
    printTable(
      "insert into the outbox → visible to a read_committed consumer, ms",
      visible.map((v) => ({ ...v })),
    );
    const confirm = seconds > 0 ? [await measureLatency(relaySite, rate, seconds)] : [];
    printTable(
      "beside it: confirm → visible, without a collector, ms",
      confirm.map((c) => ({ ...c })),
    );

    const collect = await measureCollect(site, rows, PAYLOAD_BYTES);
    printTable("rows of an outbox into Kafka and marked SENT", [{ ...collect }]);
    const relay = await measureBacklog(relaySite, 1, rows, PAYLOAD_BYTES);
    printTable("beside it: the relay alone, READY rows into Kafka", [{ ...relay }]);
    printFigures("collect", {
      payloadBytes: PAYLOAD_BYTES,
      visible,
      confirm,
      collect,
      relay,
      share: Number((collect.rowsPerSecond / relay.rowsPerSecond).toFixed(2)),
    });
  } finally {
    await broker.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
