import { createPool } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";

import { listenFor } from "../runtime/listen.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import { RelayMetrics } from "./relay-metrics.ts";
import type { RelaySettings } from "./relay-deps.ts";
import { Relay } from "./relay.ts";

/** More than transactions at once: a lane that is taken uses connections too. */
const HOT_CONNECTIONS = 16;
/** Payload bytes of one read, in units of a partition's batch: what stands in memory per lane. */
const READ_BATCHES = 4;

/**
 * Wires a relay into its process.
 *
 * @param kafka replaces the broker's client; fault runs put themselves between the relay and it
 */
export function startRelay(
  ctx: ProcessContext,
  kafka: RelayKafka = relayKafkaOf(ctx),
): Promise<RunningWorker> {
  const settings = settingsOf(ctx);

  const hot = createPool({
    url: ctx.databaseUrl,
    max: HOT_CONNECTIONS,
    name: "relay hot",
    log: ctx.log,
    hot: true,
  });
  const relay = new Relay({
    settings,
    kafka,
    db: ctx.pool,
    hot,
    log: ctx.log,
    metrics: new RelayMetrics(ctx.metrics),
    tick: ctx.tick,
    report: ctx.report,
  });
  relay.start();
  const listening = listenFor(ctx.databaseUrl, "surelay_ready", (payload) => relay.wake(payload), ctx);
  return Promise.resolve({
    setQuiet: (quiet) => relay.setQuiet(quiet),
    stop: async () => {
      await relay.stop();
      await listening;
      await kafka.close();
      await hot.end();
    },
    readiness: () => {
      const failing = relay.failing();
      const lanes = relay.lanes().join(",") || "none owned now";
      return Promise.resolve({
        ready: failing.length === 0,
        checks: { lanes, standingStill: failing.join(",") || "none" },
      });
    },
  });
}

/** @throws OperatorError `kafka_brokers_missing` */
export function relayKafkaOf(ctx: ProcessContext): RelayKafka {
  const brokers = ctx.config.KAFKA_BROKERS;
  if (!brokers)
    throw new OperatorError(
      "kafka_brokers_missing",
      "KAFKA_BROKERS is not set: name the brokers the relay sends to, such as host1:9092,host2:9092.",
    );
  return createRelayKafka({ brokers, clientId: `surelay-relay-${ctx.instance}`, log: ctx.log });
}

function settingsOf({ config, instance }: ProcessContext): RelaySettings {
  return {
    env: config.SURELAY_ENV,
    instance,
    leaseMs: config.SURELAY_LANE_LEASE_MS,
    batch: config.SURELAY_RELAY_BATCH,
    batchBytes: config.SURELAY_RELAY_BATCH_BYTES,
    readBytes: READ_BATCHES * config.SURELAY_RELAY_BATCH_BYTES,
    pollMs: config.SURELAY_RELAY_POLL_MS,
    topicRetryMs: config.SURELAY_TOPIC_RETRY_MS,
    silentMs: Math.max(config.SURELAY_LANE_LEASE_MS, 3 * config.SURELAY_HEARTBEAT_MS),
    balanceMs: Math.min(1000, config.SURELAY_LANE_LEASE_MS / 6),
    slots: 4,
  };
}
