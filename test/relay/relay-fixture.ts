import { randomBytes } from "node:crypto";
import { Registry } from "prom-client";
import { afterEach, beforeAll, expect } from "vitest";
import type { Queryable } from "../../server/db.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";
import { createLog, silentLog } from "../../server/log.ts";
import { insertReady, type NewMessage } from "../../server/store/store-messages.ts";
import { upsertTopic } from "../../server/store/topics.ts";
import { RelayMetrics } from "../../workers/relay/relay-metrics.ts";
import type { RelaySettings } from "../../workers/relay/relay-deps.ts";
import { Relay } from "../../workers/relay/relay.ts";
import { type TestDatabase, useDatabase } from "../support/database.ts";
import { createTopic, kafkaBootstrap } from "../support/kafka.ts";
import { declare, newMessage } from "../support/messages.ts";

export interface RelayFixture {
  database: TestDatabase;
  /** Environment of its own: transactional ids and progress topic are shared with no other file. */
  env: string;
  /** Starts a relay in this process; stopped after the test. */
  start(settings?: Partial<RelaySettings>, kafka?: RelayKafka): Relay;
  /** Ends what was started before the test is over. */
  stop(): Promise<void>;
  /** A topic in the store, and unless told otherwise in the broker. */
  topic(options?: TopicOptions): Promise<DeclaredTopic>;
  /** Stores messages as READY. */
  store(topic: DeclaredTopic, messages: Partial<NewMessage>[]): Promise<NewMessage[]>;
  kafka(bootstrap?: string): RelayKafka;
}

interface TopicOptions {
  partitions?: number;
  config?: Record<string, string>;
  inBroker?: boolean;
}

export interface DeclaredTopic {
  appId: number;
  topicId: number;
  topic: string;
}

export function useRelay(): RelayFixture {
  const database = useDatabase();
  const env = `t${randomBytes(4).toString("hex")}`;
  const running: Relay[] = [];
  const clients: RelayKafka[] = [];
  const app = {} as DeclaredTopic;
  beforeAll(async () => {
    Object.assign(app, await declare(database.pool));
  });
  const stop = async () => {
    await Promise.all(running.splice(0).map((relay) => relay.stop()));
    await Promise.all(clients.splice(0).map((client) => client.close()));
  };
  afterEach(stop);
  const kafka = (bootstrap = kafkaBootstrap()) => {
    const client = createRelayKafka({ brokers: [bootstrap], clientId: "test", log: silentLog });
    clients.push(client);
    return client;
  };
  return {
    database,
    env,
    kafka,
    stop,
    start: (settings = {}, client = kafka()) => {
      const relay = new Relay({
        settings: { ...settingsOf(env), ...settings },
        kafka: client,
        db: database.pool,
        hot: database.hot,
        log: process.env.RELAY_TEST_LOG
          ? createLog("relay", "debug", { write: (l: string) => void process.stderr.write(l) })
          : silentLog,
        metrics: new RelayMetrics(new Registry()),
        tick: () => undefined,
        report: () => undefined,
      });
      relay.start();
      running.push(relay);
      return relay;
    },
    topic: async ({ partitions = 3, config = {}, inBroker = true } = {}) => {
      const topic = inBroker
        ? await createTopic({ partitions, config })
        : `test.${randomBytes(5).toString("hex")}`;
      const row = await upsertTopic(database.pool, { name: topic, partitions, schema: null, masked: false });
      return { appId: app.appId, topicId: row.id, topic };
    },
    store: async (topic, messages) => {
      const made = messages.map((more) => newMessage(topic, more));
      await insertReady(database.pool, made);
      return made;
    },
  };
}

export const settingsOf = (env: string): RelaySettings => ({
  env,
  instance: "relay-a",
  leaseMs: 12_000,
  batch: 1000,
  batchBytes: 768 * 1024,
  readBytes: 3 * 1024 * 1024,
  pollMs: 50,
  topicRetryMs: 200,
  silentMs: 15_000,
  balanceMs: 100,
  slots: 4,
});

/** Waits until as many messages of a topic are in a state. */
export async function waitForState(
  db: Queryable,
  topicId: number,
  state: string,
  count: number,
): Promise<void> {
  await expect.poll(() => countInState(db, topicId, state), { timeout: 40_000, interval: 25 }).toBe(count);
}

export async function countInState(db: Queryable, topicId: number, state: string): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM message_state WHERE topic_id = $1 AND state::text = $2",
    [topicId, state],
  );
  return rows[0]!.n;
}
