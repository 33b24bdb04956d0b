import type { ServerResponse } from "node:http";
import { afterEach, beforeAll } from "vitest";
import {
  completeSubscription,
  type SubscriptionDraft,
  type WebhookSettings,
} from "../../server/domain/subscription.ts";
import type { DeliveryState } from "../../server/domain/delivery-state.ts";
import type { MessageState } from "../../server/domain/message-state.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import type { LaneHold } from "../../server/store/guarded-write.ts";
import { insertReady, type NewMessage } from "../../server/store/store-messages.ts";
import { insertSubscription } from "../../server/store/subscriptions.ts";
import { startNotify } from "../../workers/notify/start-notify.ts";
import { type TestDatabase, useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { type Received, type Receiver, startReceiver } from "../support/receiver.ts";
import { type Replica, startReplica } from "../support/replica.ts";

export const MASTER = "a master secret of the tests, long enough";
/** What every notify process of the tests is given. */
export const SETTINGS = {
  SURELAY_SIGNING_SECRET: MASTER,
  SURELAY_ALLOWED_HOSTS: "127.0.0.0/8",
  SURELAY_NOTIFY_POLL_MS: "50",
};

/** A call that came in. */
export interface Call extends Received {
  messageId: string;
  attempt: number;
}

/** How a receiver answers; `n` is how many calls about this message came before. */
export type Answer = (call: Call, response: ServerResponse, n: number) => unknown;

export const answers =
  (status: number, headers: Record<string, string> = {}, body = ""): Answer =>
  (_call, response) =>
    response.writeHead(status, headers).end(body);

/** A webhook subscription of a topic of its own, and its receiver. */
export interface Endpoint extends Receiver {
  topic: string;
  subscription: string;
  subscriptionId: number;
  appId: number;
  topicId: number;
  calls: Call[];
  answer(how: Answer): void;
}

export interface KeptAttempt {
  message_id: string;
  attempt: number;
  kind: string;
  by: string;
  error_type: string | null;
  error_message: string | null;
  status: number | null;
  body: string | null;
  duration_ms: number | null;
  retry_at: Date | null;
  failure_group_id: string | null;
  reason: string | null;
}

/** What a subscription declares beside its name and URL. */
export type Declared = Partial<Omit<SubscriptionDraft, "webhook">> & { webhook?: Partial<WebhookSettings> };

export interface NotifyFixture {
  database: TestDatabase;
  endpoint(name: string, answer: Answer, more?: Declared): Promise<Endpoint>;
  /** Marks new messages as sent, which makes their deliveries, due at once. @returns their ids */
  send(endpoint: Endpoint, count: number, more?: Partial<NewMessage>): Promise<string[]>;
  /** Lets so much time pass for these deliveries: what is planned or leased ends so much sooner. */
  passTime(ids: readonly string[], seconds: number): Promise<void>;
  /** A notify worker in this process; stopped after the test. */
  start(env?: Record<string, string>): Promise<Replica>;
  /** States of these messages' deliveries, each once. */
  states(ids: readonly string[]): Promise<DeliveryState[]>;
  delivery(id: string): Promise<DeliveryRow>;
  messageStates(ids: readonly string[]): Promise<MessageState[]>;
  attempts(ids: readonly string[]): Promise<KeptAttempt[]>;
  /** Where counters and rows differ, of messages and of deliveries. */
  miscounts(): Promise<unknown[]>;
}

export interface DeliveryRow {
  state: DeliveryState;
  attempt: number;
  drive: number;
  reason: string | null;
  due_at: Date | null;
  /** Seconds from now until it is due. */
  due_in: number | null;
}

export function useNotify(): NotifyFixture {
  const database = useDatabase();
  const running: Replica[] = [];
  const receivers: Receiver[] = [];
  const hold = {} as LaneHold;
  let batch = 0n;
  beforeAll(async () => {
    const lane = await acquireLane(database.pool, { lane: 0, owner: "test", ttlMs: 3_600_000 });
    Object.assign(hold, { lane: 0, epoch: lane!.epoch });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((replica) => replica.stop()));
    await Promise.all(receivers.splice(0).map((receiver) => receiver.die()));
    // The next test's workers must not find this one's leftovers.
    await database.pool.query("UPDATE subscription SET removed_at = now() WHERE removed_at IS NULL");
  });
  const idsOf = (ids: readonly string[]) => [[...ids]];
  return {
    database,
    endpoint: async (name, first, more = {}) => {
      let how = first;
      const calls: Call[] = [];
      const times = new Map<string, number>();
      const receiver = await startReceiver((received, response) => {
        const messageId = String(received.headers["webhook-id"]);
        const call = { ...received, messageId, attempt: Number(received.headers["surelay-attempt"]) };
        calls.push(call);
        const n = times.get(messageId) ?? 0;
        times.set(messageId, n + 1);
        how(call, response, n);
      });
      receivers.push(receiver);
      const owner = await declare(database.pool, { app: "orders", topic: `${name}.events` });
      const { webhook, ...rest } = more;
      const spec = completeSubscription({
        topic: owner.topic,
        name: "hook",
        ack: "webhook",
        ...rest,
        webhook: { url: `http://127.0.0.1:${receiver.port}/hook`, timeoutSeconds: 1, ...webhook },
      });
      const done = await insertSubscription(database.pool, spec, { retry: null, deadLetter: null });
      if (done !== "inserted") throw new Error(`the subscription was not declared: ${done}`);
      const { rows } = await database.pool.query<{ id: number }>(
        "SELECT id FROM subscription WHERE topic_id = $1 AND removed_at IS NULL",
        [owner.topicId],
      );
      return {
        ...receiver,
        ...owner,
        subscription: "hook",
        subscriptionId: rows[0]!.id,
        calls,
        answer: (next) => (how = next),
      };
    },
    send: async (endpoint, count, more = {}) => {
      const messages = Array.from({ length: count }, () => newMessage(endpoint, more));
      await insertReady(database.hot, messages);
      const marked = await markSent(database.hot, {
        ...hold,
        progressOffset: ++batch,
        sent: messages.map(({ id }, n) => ({ id, partition: 0, offset: batch * 1000n + BigInt(n) })),
      });
      if (marked.moved !== count) throw new Error(`${marked.moved} of ${count} messages were marked`);
      return messages.map(({ id }) => id);
    },
    passTime: async (ids, seconds) => {
      await database.pool.query(
        "UPDATE delivery SET due_at = due_at - $2 * interval '1 second' WHERE message_id = ANY($1::uuid[]) AND due_at IS NOT NULL",
        [...idsOf(ids), seconds],
      );
    },
    start: async (env = {}) => {
      const replica = await startReplica("notify", startNotify, database, { ...SETTINGS, ...env });
      running.push(replica);
      return replica;
    },
    states: async (ids) =>
      (
        await database.pool.query<{ state: DeliveryState }>(
          "SELECT DISTINCT state FROM delivery WHERE message_id = ANY($1::uuid[]) ORDER BY state",
          idsOf(ids),
        )
      ).rows.map(({ state }) => state),
    delivery: async (id) =>
      (
        await database.pool.query<DeliveryRow>(
          `SELECT state, attempt, drive, reason, due_at, extract(epoch FROM due_at - now())::float8 AS due_in
           FROM delivery WHERE message_id = $1`,
          [id],
        )
      ).rows[0]!,
    messageStates: async (ids) =>
      (
        await database.pool.query<{ state: MessageState }>(
          "SELECT DISTINCT state FROM message_state WHERE id = ANY($1::uuid[]) ORDER BY state",
          idsOf(ids),
        )
      ).rows.map(({ state }) => state),
    miscounts: async () => [
      ...(await compareFlow(database.pool)),
      ...(await compareDeliveryFlow(database.pool)),
    ],
    attempts: async (ids) =>
      (
        await database.pool.query<KeptAttempt>(
          "SELECT * FROM delivery_attempt WHERE message_id = ANY($1::uuid[]) ORDER BY message_id, n",
          idsOf(ids),
        )
      ).rows,
  };
}
