import { readSourceAddresses } from "../../server/config/source-addresses.ts";
import { createPool } from "../../server/db.ts";
import { intakeLimits } from "../../server/services/intake/limits.ts";
import type { OutboxTable } from "../../server/sources/outbox-table.ts";
import { listenFor } from "../runtime/listen.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import type { CollectSettings } from "./collect-deps.ts";
import { CollectMetrics } from "./collect-metrics.ts";
import { Collector } from "./collector.ts";

/** Sources that store at the same moment; a further one waits for a connection. */
const HOT_CONNECTIONS = 8;
/** A collector that is frozen in the middle of a transaction holds its source's row no longer than this. */
const IDLE_IN_TRANSACTION_MS = 5000;
const SAMPLE_MS = 5000;

/**
 * Wires a collector into its process.
 *
 * @param wrapTable fault runs put themselves between the collector and its sources
 */
export function startCollect(
  ctx: ProcessContext,
  wrapTable?: (table: OutboxTable) => OutboxTable,
): Promise<RunningWorker> {
  const { config, log } = ctx;
  const hot = createPool({
    url: ctx.databaseUrl,
    max: HOT_CONNECTIONS,
    name: "collect hot",
    log,
    hot: true,
    idleInTransactionMs: IDLE_IN_TRANSACTION_MS,
  });
  const collector = new Collector({
    settings: settingsOf(ctx),
    limits: intakeLimits(config),
    addresses: readSourceAddresses(process.env),
    db: ctx.pool,
    hot,
    log,
    metrics: new CollectMetrics(ctx.metrics),
    tick: ctx.tick,
    report: ctx.report,
    ...(wrapTable && { wrapTable }),
  });
  collector.start();
  const listening = listenFor(ctx.databaseUrl, "surelay_collect", () => collector.wake(), ctx);
  return Promise.resolve({
    setQuiet: (quiet) => collector.setQuiet(quiet),
    stop: async () => {
      await collector.stop();
      await listening;
      await hot.end();
    },
    // A business database that is away is no reason to take this process out of service: others are collected meanwhile.
    readiness: () =>
      Promise.resolve({
        ready: true,
        checks: {
          sources:
            collector
              .report()
              .sources.map(({ source }) => source)
              .join(",") || "none owned now",
          standingStill: collector.failing().join(",") || "none",
        },
      }),
  });
}

function settingsOf({ config, instance }: ProcessContext): CollectSettings {
  return {
    instance,
    leaseMs: config.SURELAY_COLLECT_LEASE_MS,
    batch: config.SURELAY_COLLECT_BATCH,
    batchBytes: config.SURELAY_COLLECT_BATCH_BYTES,
    pollMs: config.SURELAY_COLLECT_POLL_MS,
    paceMs: config.SURELAY_COLLECT_PACE_MS,
    retryMs: config.SURELAY_COLLECT_RETRY_MS,
    sampleMs: SAMPLE_MS,
    silentMs: Math.max(config.SURELAY_COLLECT_LEASE_MS, 3 * config.SURELAY_HEARTBEAT_MS),
    balanceMs: Math.min(1000, config.SURELAY_COLLECT_LEASE_MS / 6),
  };
}
