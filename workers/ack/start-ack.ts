import { createPool } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { KafkaFault } from "../../server/kafka/fault.ts";
import { createGroupOffsets } from "../../server/kafka/group-offsets.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import { type RecordConsumer, startRecordConsumer } from "../../server/kafka/record-consumer.ts";
import { runLoop } from "../runtime/loop.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import { createAckMetrics } from "./ack-metrics.ts";
import { ACKS_TOPIC_CONFIG, ACKS_TOPIC_PARTITIONS, acksGroup, acksTopic } from "./acks-topic.ts";
import { RecordApplier } from "./apply-records.ts";
import { OffsetWatcher } from "./offset-watcher.ts";

/** Partitions of acknowledgements that are applied at the same time, and statements of the watcher beside them. */
const AT_ONCE = 3;
const HOT_CONNECTIONS = AT_ONCE + 3;
const MAKE_TOPIC_MS = 5000;

/** Acknowledgements that do not come by HTTP: those of the topic, and committed offsets. Any number of replicas. */
export async function startAck(ctx: ProcessContext): Promise<RunningWorker> {
  const { config, log, signal } = ctx;
  const brokers = brokersOf(ctx);
  const clientId = `surelay-ack-${ctx.instance}`;
  const hot = createPool({ url: ctx.databaseUrl, max: HOT_CONNECTIONS, name: "ack hot", log, hot: true });
  const groups = createGroupOffsets({ brokers, clientId, log });
  const topic = acksTopic(config.SURELAY_ENV);
  let consumer: RecordConsumer | null = null;
  const metrics = createAckMetrics(ctx.metrics, {
    watched: () => watcher.told.topics,
    partitions: () => consumer?.assigned().length ?? 0,
  });
  const applier = new RecordApplier({ pool: hot, batch: config.SURELAY_INTAKE_BATCH, log, metrics, signal });
  const watcher = new OffsetWatcher({
    db: ctx.pool,
    hot,
    kafka: groups,
    owner: `${ctx.instance}/${process.pid}`,
    movingMs: config.SURELAY_OFFSET_POLL_MS,
    idleMs: config.SURELAY_OFFSET_IDLE_MS,
    log,
    metrics: () => metrics,
    signal,
    isQuiet: ctx.isQuiet,
    onTick: ctx.tick,
  });
  const consume = () =>
    startRecordConsumer({
      brokers,
      clientId,
      groupId: acksGroup(config.SURELAY_ENV),
      topic,
      log,
      atOnce: AT_ONCE,
      sessionMs: config.SURELAY_ACK_SESSION_MS,
      handle: (records, alive) => applier.apply(records, alive),
    });
  let made = false;
  // Quiet: the partitions go to other replicas.
  const reading = runLoop({
    name: "acks-topic",
    pollMs: MAKE_TOPIC_MS,
    signal,
    log,
    runOnce: async () => {
      if (!made) await makeTopic(brokers, clientId, topic, ctx);
      made = true;
      if (ctx.isQuiet() && consumer) {
        const quiet = consumer;
        consumer = null;
        await quiet.stop();
      } else if (!ctx.isQuiet()) consumer ??= consume();
      ctx.tick();
      return false;
    },
  });
  const watching = watcher.run();
  ctx.report(() => ({
    topic: {
      name: topic,
      partitions: consumer?.assigned() ?? [],
      fault: consumer?.fault() ?? null,
      ...applier.told,
    },
    offsets: watcher.told,
  }));
  return Promise.resolve({
    stop: async () => {
      await reading;
      await Promise.all([consumer?.stop(), watching]);
      await groups.close();
      await hot.end();
    },
    readiness: () => {
      const fault = consumer?.fault() ?? null;
      const failing = Object.keys(watcher.told.faults).length;
      return Promise.resolve({
        ready: made && fault === null,
        checks: {
          topic: made ? (fault ?? `reads ${topic}`) : `${topic} is not made yet`,
          offsets: failing === 0 ? "ok" : `${failing} topics cannot be watched`,
        },
      });
    },
  });
}

/** @throws OperatorError `kafka_brokers_missing` */
function brokersOf(ctx: ProcessContext): readonly string[] {
  if (ctx.config.KAFKA_BROKERS) return ctx.config.KAFKA_BROKERS;
  throw new OperatorError(
    "kafka_brokers_missing",
    "KAFKA_BROKERS is not set: name the brokers whose consumers acknowledge, such as host1:9092,host2:9092.",
  );
}

async function makeTopic(
  brokers: readonly string[],
  clientId: string,
  topic: string,
  { log }: ProcessContext,
): Promise<void> {
  const kafka = createRelayKafka({ brokers, clientId, log });
  try {
    // One that is there stays as somebody made it.
    const isThere = await kafka.topicFacts(topic, 0).then(
      () => true,
      (error: unknown) => {
        if (error instanceof KafkaFault && error.kind === "topic_missing") return false;
        throw error;
      },
    );
    if (isThere) return;
    if (await kafka.ensureTopic({ topic, partitions: ACKS_TOPIC_PARTITIONS, config: ACKS_TOPIC_CONFIG }))
      log.info({ topic }, "made the topic of acknowledgements");
  } finally {
    await kafka.close();
  }
}
