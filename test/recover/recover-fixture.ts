import { Registry } from "prom-client";
import { afterEach } from "vitest";
import { readConfig } from "../../server/config/config.ts";
import type { DeliveryState } from "../../server/domain/delivery-state.ts";
import type { SubscriptionDraft } from "../../server/domain/subscription.ts";
import { createLog, silentLog } from "../../server/log.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { insertReady, type NewMessage } from "../../server/store/store-messages.ts";
import type { SubscriptionRow } from "../../server/store/subscriptions.ts";
import { startRecover } from "../../workers/recover/start-recover.ts";
import type { ProcessContext } from "../../workers/runtime/process.ts";
import { type TestDatabase, useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { subscribe } from "../support/subscriptions.ts";

/** The only lane of these tests' messages. */
export const LANE = 0;

export interface Replica {
  stop(): Promise<void>;
  report(): Record<string, unknown>;
}

export interface Given {
  topic: string;
  subscription: SubscriptionRow;
  messages: NewMessage[];
  ids: string[];
}

export interface DeliveryLine {
  message_id: string;
  state: DeliveryState;
  attempt: number;
  drive_from: number;
  due_at: Date | null;
  reason: string | null;
}

export interface RecoverFixture {
  database: TestDatabase;
  /** A topic of its own with one subscription, and messages that were just sent to it. */
  given(draft: Partial<Omit<SubscriptionDraft, "topic">>, messages: number): Promise<Given>;
  /** Lets so much time pass for these deliveries: what is due, is due so much sooner. */
  passTime(subscriptionId: number, seconds: number): Promise<void>;
  /** Lets its valve forget what failed so far. */
  forgive(subscriptionId: number): Promise<void>;
  /** Lets its valve know of so many successes that no failure counts, for some minutes. */
  vouchFor(subscriptionId: number): Promise<void>;
  /** Marks everything sent that stands in the queue of resends, as the relay does. @returns how many */
  relay(): Promise<number>;
  deliveries(of: Given): Promise<DeliveryLine[]>;
  /** What was noted, oldest first. */
  attempts(of: Given): Promise<Record<string, unknown>[]>;
  /** A recover worker in this process; stopped after the test. */
  start(): Promise<Replica>;
}

let topics = 0;

export function useRecover(): RecoverFixture {
  const database = useDatabase();
  const running: Replica[] = [];
  let epoch: bigint | null = null;
  afterEach(async () => {
    await Promise.all(running.splice(0).map((replica) => replica.stop()));
    // The next test's workers must not find this one's leftovers.
    await database.pool.query("UPDATE subscription SET removed_at = now() WHERE removed_at IS NULL");
    await database.pool.query("TRUNCATE resend");
  });
  const hold = async () => {
    epoch ??= (await acquireLane(database.pool, { lane: LANE, owner: "test", ttlMs: 3_600_000 }))!.epoch;
    return { lane: LANE, epoch };
  };
  return {
    database,
    given: async (draft, count) => {
      const topic = `recover-${process.pid}-${++topics}`;
      const owner = await declare(database.pool, { topic });
      const subscription = await subscribe(database.pool, { name: "shipping", ...draft, topic });
      const messages = Array.from({ length: count }, () => newMessage(owner, { lane: LANE }));
      if (count > 0) {
        await insertReady(database.hot, messages);
        const sent = messages.map(({ id }, i) => ({ id, partition: 0, offset: BigInt(i) }));
        await markSent(database.hot, { ...(await hold()), progressOffset: 1n, sent });
      }
      return { topic, subscription, messages, ids: messages.map((m) => m.id) };
    },
    passTime: async (subscriptionId, seconds) => {
      await database.pool.query(
        "UPDATE delivery SET due_at = due_at - $2 * interval '1 second' WHERE subscription_id = $1 AND due_at IS NOT NULL",
        [subscriptionId, seconds],
      );
    },
    forgive: async (subscriptionId) => {
      await database.pool.query(
        "DELETE FROM failure_flow WHERE group_id IN (SELECT id FROM failure_group WHERE subscription_id = $1)",
        [subscriptionId],
      );
    },
    vouchFor: async (subscriptionId) => {
      await database.pool.query(
        `INSERT INTO delivery_flow (minute, state, subscription_id, slot, entered)
         SELECT date_bin('1 minute', now(), timestamptz 'epoch') + n * interval '1 minute', 'ACKED', $1, 79, 1000000
         FROM generate_series(0, 10) n ON CONFLICT DO NOTHING`,
        [subscriptionId],
      );
    },
    relay: async () => {
      const { rows } = await database.pool.query<{ id: string }>("SELECT id FROM resend ORDER BY seq");
      if (rows.length === 0) return 0;
      const resent = rows.map(({ id }, i) => ({ id, partition: 0, offset: BigInt(i) }));
      await markSent(database.hot, { ...(await hold()), progressOffset: 1n, sent: [], resent });
      return rows.length;
    },
    deliveries: async ({ ids, subscription }) =>
      (
        await database.pool.query<DeliveryLine>(
          `SELECT message_id, state, attempt, drive_from, due_at, reason FROM delivery
           WHERE message_id = ANY($1::uuid[]) AND subscription_id = $2 ORDER BY message_id`,
          [ids, subscription.id],
        )
      ).rows,
    attempts: async ({ ids, subscription }) =>
      (
        await database.pool.query<Record<string, unknown>>(
          `SELECT message_id, kind, by, attempt, error_type, error_message, reason, retry_at FROM delivery_attempt
           WHERE message_id = ANY($1::uuid[]) AND subscription_id = $2 ORDER BY n`,
          [ids, subscription.id],
        )
      ).rows,
    start: async () => {
      const replica = await startReplica(database);
      running.push(replica);
      return replica;
    },
  };
}

async function startReplica(database: TestDatabase): Promise<Replica> {
  const stopping = new AbortController();
  let report: object | (() => object) = {};
  const context: ProcessContext = {
    kind: "recover",
    instance: "test",
    config: readConfig({ DATABASE_URL: database.url }),
    databaseUrl: database.url,
    pool: database.pool,
    log: process.env.RECOVER_TEST_LOG
      ? createLog("recover", "debug", { write: (line: string) => void process.stderr.write(line) })
      : silentLog,
    metrics: new Registry(),
    signal: stopping.signal,
    tick: () => undefined,
    report: (detail) => (report = detail),
    isQuiet: () => false,
  };
  const worker = await startRecover(context);
  let stopped: Promise<void> | undefined;
  return {
    report: () =>
      (typeof report === "function" ? (report as () => object)() : report) as Record<string, unknown>,
    stop: () => {
      stopping.abort();
      return (stopped ??= worker.stop());
    },
  };
}
