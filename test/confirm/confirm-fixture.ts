import { afterEach } from "vitest";
import { type CheckSettings, NO_CHECK_SETTINGS } from "../../server/domain/check-policy.ts";
import type { MessageState } from "../../server/domain/message-state.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { insertPrepared, type NewMessage } from "../../server/store/store-messages.ts";
import { startConfirm } from "../../workers/confirm/start-confirm.ts";
import { type TestDatabase, useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { type Replica, startReplica } from "../support/replica.ts";
import type { Certificate } from "../support/certificate.ts";
import { type Answer, type FakeProducer, startProducer } from "./fake-producer.ts";

export const MASTER = "a master secret of the tests, long enough";
/** What every confirm process of the tests is given. */
export const SETTINGS = {
  SURELAY_SIGNING_SECRET: MASTER,
  SURELAY_ALLOWED_HOSTS: "127.0.0.0/8",
  SURELAY_CHECK_POLL_MS: "50",
};

export interface Owner {
  appId: number;
  topicId: number;
  topic: string;
}

export interface ConfirmFixture {
  database: TestDatabase;
  /** An app of its own whose check URL leads to a producer of its own. */
  app(
    name: string,
    answer: Answer,
    check?: Partial<CheckSettings>,
    more?: { afterSeconds?: number; certificate?: Certificate },
  ): Promise<Owner & { producer: FakeProducer }>;
  /** Stores prepared messages that are due now. */
  prepareDue(owner: Owner, count: number, more?: Partial<NewMessage>): Promise<NewMessage[]>;
  /** Lets so much time pass for these messages: what is planned or leased ends so much sooner. */
  passTime(ids: readonly string[], seconds: number): Promise<void>;
  /** A confirm worker in this process; stopped after the test. */
  start(env?: Record<string, string>): Promise<Replica>;
  states(ids: readonly string[]): Promise<Map<string, MessageState>>;
  /** Kept check-backs of these messages, oldest first. */
  checkBacks(ids: readonly string[]): Promise<KeptCheckBack[]>;
}

export interface KeptCheckBack {
  message_id: string;
  attempt: number;
  outcome: string;
  effect: string;
  status: number | null;
  error: string | null;
  detail: string | null;
  body: string | null;
  body_cut: boolean;
  url: string;
  duration_ms: number;
}

export function useConfirm(): ConfirmFixture {
  const database = useDatabase();
  const running: Replica[] = [];
  const producers: FakeProducer[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((replica) => replica.stop()));
    await Promise.all(producers.splice(0).map((producer) => producer.die()));
    // The next test's workers must not find this one's leftovers.
    await database.pool.query("UPDATE app SET check_url = NULL");
  });
  const idsOf = (ids: readonly string[]) => [[...ids]];
  return {
    database,
    app: async (name, answer, check = {}, { afterSeconds, certificate } = {}) => {
      const producer = await startProducer(answer, certificate);
      producers.push(producer);
      const owner = await declare(database.pool, { app: name, topic: `${name}.events` });
      await upsertApp(database.pool, {
        name,
        checkUrl: producer.url,
        checkAfterSeconds: afterSeconds ?? null,
        contact: null,
        check: { ...NO_CHECK_SETTINGS, timeoutSeconds: 1, ...check },
      });
      return { ...owner, producer };
    },
    prepareDue: async (owner, count, more = {}) => {
      const messages = Array.from({ length: count }, () =>
        newMessage(owner, { checkAfterSeconds: 1, ...more }),
      );
      await insertPrepared(database.hot, messages);
      await database.pool.query(
        "UPDATE message_state SET check_at = date_trunc('milliseconds', now()) WHERE id = ANY($1::uuid[])",
        idsOf(messages.map((m) => m.id)),
      );
      return messages;
    },
    passTime: async (ids, seconds) => {
      await database.pool.query(
        "UPDATE message_state SET check_at = check_at - $2 * interval '1 second' WHERE id = ANY($1::uuid[]) AND check_at IS NOT NULL",
        [...idsOf(ids), seconds],
      );
    },
    start: async (env = {}) => {
      const replica = await startReplica("confirm", startConfirm, database, { ...SETTINGS, ...env });
      running.push(replica);
      return replica;
    },
    states: async (ids) => {
      const { rows } = await database.pool.query<{ id: string; state: MessageState }>(
        "SELECT id, state FROM message_state WHERE id = ANY($1::uuid[])",
        idsOf(ids),
      );
      return new Map(rows.map((row) => [row.id, row.state]));
    },
    checkBacks: async (ids) =>
      (
        await database.pool.query<KeptCheckBack>(
          "SELECT * FROM check_back WHERE message_id = ANY($1::uuid[]) ORDER BY message_id, n",
          idsOf(ids),
        )
      ).rows,
  };
}
