import pg from "pg";
import { afterAll, afterEach, beforeAll } from "vitest";
import { waitUntil } from "../../../local/wait-until.ts";
import {
  type Consumer,
  type ConsumerOptions,
  createConsumer,
  type Handler,
  type ReceivedMessage,
  type Trouble,
} from "../../../sdk/consumer/index.ts";
import { pgDatabase } from "../../../sdk/database/pg.ts";
import { type TestDatabase, useDatabase } from "../../support/database.ts";
import { kafkaBootstrap } from "../../support/kafka.ts";
import { type AckReceiver, receiveAcks } from "./ack-receiver.ts";
import { EFFECTS, inboxDdl } from "./inbox-tables.ts";
import { openTopics, type Topics } from "./records.ts";

export const SUBSCRIPTION = "shipping";

/** A consumer that runs in this process. */
export interface Running {
  consumer: Consumer<pg.PoolClient>;
  /** Message ids in the order in which the handler was begun. */
  begun: string[];
  troubles: Trouble[];
  stop(timeoutMs?: number): Promise<void>;
}

export interface ConsumerSite {
  database: TestDatabase;
  receiver: AckReceiver;
  /** New topics, without a record. */
  topics(partitions?: number): Promise<Topics>;
  start(topics: Topics, options?: StartOptions): Running;
  /** How often a message took effect. */
  effects(messageId: string): Promise<number>;
  countEffects(): Promise<number>;
}

export interface StartOptions extends Partial<ConsumerOptions<pg.PoolClient>> {
  /** After the effect, in the transaction. */
  after?: (message: ReceivedMessage, tx: pg.PoolClient) => unknown;
  /** In place of the test's own database. */
  url?: string;
}

/** Consumers over real PostgreSQL and Kafka; what each test starts is stopped after it. */
export function useConsumers(): ConsumerSite {
  const database = useDatabase();
  const site = { database } as ConsumerSite;
  const cleanups: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    await database.pool.query(inboxDdl("postgresql"));
    await database.pool.query(EFFECTS);
    site.receiver = await receiveAcks();
  });
  afterEach(async () => {
    site.receiver.refuse = null;
    for (const clean of cleanups.splice(0).reverse()) await clean();
    site.receiver.items.length = 0;
    site.receiver.errors.clear();
    site.receiver.onItem = () => undefined;
    await database.pool.query("TRUNCATE effect, surelay_inbox, surelay_inbox_reach");
  });
  afterAll(() => site.receiver.stop());

  site.topics = async (partitions) => {
    const topics = await openTopics(SUBSCRIPTION, partitions);
    cleanups.push(() => topics.close());
    return topics;
  };
  site.start = (topics, { after, url = database.url, ...options } = {}) => {
    const pool = new pg.Pool({ connectionString: url, max: 24 });
    pool.on("error", () => undefined);
    const begun: string[] = [];
    const troubles: Trouble[] = [];
    const consumer = createConsumer({
      brokers: [kafkaBootstrap()],
      topic: topics.topic,
      subscription: SUBSCRIPTION,
      groupId: groupOf(topics),
      database: pgDatabase(pool),
      ack: { url: site.receiver.url, key: "k" },
      sessionTimeoutMs: 3000,
      onTrouble: (trouble) => {
        // The run's broker makes the groups' topic when the first of them asks for it.
        if ((trouble.error as { type?: string }).type === "GROUP_LOAD_IN_PROGRESS") return;
        troubles.push(trouble);
        if (process.env.DEBUG_TROUBLE) console.log(trouble);
      },
      ...options,
    });
    const handler: Handler<pg.PoolClient> = async (message, tx) => {
      begun.push(message.id);
      const { seq = null } = message.payload as { seq?: number };
      await tx.query(
        "INSERT INTO effect (message_id, subscription, key, seq, attempt) VALUES ($1, $2, $3, $4, $5)",
        [message.id, message.subscription, message.key?.replaceAll("\0", "0"), seq, message.attempt],
      );
      await after?.(message, tx);
    };
    const over = consumer.run(handler);
    let stopped: Promise<void> | undefined;
    const stop = (timeoutMs = 5000) =>
      (stopped ??= (async () => {
        await consumer.stop(timeoutMs);
        await over;
        await pool.end();
      })());
    cleanups.push(() => stop(500));
    return { consumer, begun, troubles, stop };
  };
  site.effects = async (messageId) => {
    const { rows } = await database.pool.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM effect WHERE message_id = $1",
      [messageId],
    );
    return rows[0]!.n;
  };
  site.countEffects = async () => {
    const { rows } = await database.pool.query<{ n: number }>("SELECT count(*)::int AS n FROM effect");
    return rows[0]!.n;
  };
  return site;
}

/** A consumer group of the test's own. */
export function groupOf({ topic }: Pick<Topics, "topic">): string {
  return `${topic}.${SUBSCRIPTION}`;
}

/** A promise to be kept by the test. */
export function gate(): { open: () => void; opened: Promise<void> } {
  let open = () => undefined as void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

/** Waits until it holds. @throws when it does not within 20 s */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await waitUntil(async () => await holds(), { timeoutMs: 20_000, everyMs: 10 })))
    throw new Error(`did not come to hold: ${holds.toString()}`);
}
