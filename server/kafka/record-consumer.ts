import kafkajs from "kafkajs";
import { within } from "../deadline.ts";
import type { Log } from "../log.ts";

/** A record as it was read. */
export interface ConsumedRecord {
  partition: number;
  offset: bigint;
  value: Buffer | null;
}

export interface RecordConsumerOptions {
  brokers: readonly string[];
  clientId: string;
  groupId: string;
  topic: string;
  log: Log;
  /** Partitions handled at the same time. */
  atOnce: number;
  /** How long the partitions of a process that died wait for another, ms; the broker has bounds of its own. */
  sessionMs: number;
  /**
   * Handles records of one partition, in their order. When it returns true their offsets are committed; false: it was told
   * to stop, and they are read again. It must not throw. `alive` has to be called every few seconds while it takes its
   * time, or the partition is given to another; it returns whether the partition is still ours.
   */
  handle: (records: readonly ConsumedRecord[], alive: () => Promise<boolean>) => Promise<boolean>;
}

export interface RecordConsumer {
  /** Partitions that this process has now. */
  assigned(): number[];
  /** What went wrong last, until it works again; null: nothing. */
  fault(): string | null;
  /** Ends after the batches in hand. */
  stop(): Promise<void>;
}

const RESTART_MS = 1000;
const OPENING_MS = 2000;

/**
 * Reads a topic as one of a consumer group, from its beginning, in batches, and commits offsets by itself only: after what
 * they stand for was done. Everything may be seen twice. It never gives up: a client that failed is replaced by a new one.
 */
export function startRecordConsumer(options: RecordConsumerOptions): RecordConsumer {
  const { log, topic, groupId } = options;
  const kafka = new kafkajs.Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    connectionTimeout: 1000,
    requestTimeout: 30_000,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => log.debug({ kafkajs: entry.log.message }, "kafka client"),
  });
  const state = { stopping: false, assigned: [] as number[], fault: null as string | null };
  let consumer: kafkajs.Consumer | null = null;
  let timer: NodeJS.Timeout | undefined;
  let opening: Promise<void> = Promise.resolve();

  const failed = (err: unknown) => {
    state.assigned = [];
    state.fault = (err as Error | undefined)?.message ?? "it ended";
    if (state.stopping) return;
    log.warn({ err, topic, groupId }, "the consumer failed and is made anew");
    const broken = consumer;
    consumer = null;
    void broken?.disconnect().catch(() => undefined);
    clearTimeout(timer);
    timer = setTimeout(open, RESTART_MS);
  };

  const run = async (made: kafkajs.Consumer): Promise<void> => {
    await made.connect();
    await made.subscribe({ topic, fromBeginning: true });
    await made.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: options.atOnce,
      eachBatch: async (payload) => {
        const { batch } = payload;
        const { partition } = batch;
        const isOurs = () => payload.isRunning() && !payload.isStale();
        const alive = async () => {
          await payload.heartbeat();
          return isOurs();
        };
        if (!isOurs()) return;
        const records = batch.messages.map(({ offset, value }) => ({
          partition,
          offset: BigInt(offset),
          value,
        }));
        if (!(await options.handle(records, alive))) return;
        // Behind what the batch holds beside records, too: else the marks of transactions are read again and again.
        const last = batch.lastOffset();
        payload.resolveOffset(last);
        const offset = (BigInt(last) + 1n).toString();
        await made.commitOffsets([{ topic, partition, offset }]);
        state.fault = null;
      },
    });
  };

  function open(): void {
    if (state.stopping) return;
    const made = kafka.consumer({
      groupId,
      sessionTimeout: options.sessionMs,
      heartbeatInterval: options.sessionMs / 5,
      maxWaitTimeInMs: 100,
      minBytes: 1,
      readUncommitted: false,
      allowAutoTopicCreation: false,
      // A client that meets a fault it calls final would end quietly; here it is replaced.
      retry: {
        initialRetryTime: 100,
        factor: 0.2,
        multiplier: 2,
        maxRetryTime: 3000,
        retries: 5,
        restartOnFailure: () => Promise.resolve(false),
      },
    });
    consumer = made;
    made.on(made.events.GROUP_JOIN, ({ payload }) => {
      state.assigned = payload.memberAssignment[topic] ?? [];
      state.fault = null;
    });
    made.on(made.events.CRASH, ({ payload }) => {
      if (consumer === made) failed(payload.error);
    });
    opening = run(made).catch((err: unknown) => {
      if (consumer === made) failed(err);
    });
  }

  open();
  return {
    assigned: () => [...state.assigned],
    fault: () => state.fault,
    async stop() {
      state.stopping = true;
      clearTimeout(timer);
      // A broker that is away keeps it busy for longer than a stop may take.
      await within(opening, OPENING_MS, "opening the consumer").catch(() => undefined);
      await consumer
        ?.disconnect()
        .catch((err: unknown) => log.warn({ err, topic }, "the consumer did not end in order"));
    },
  };
}
