import type { KafkaConfig } from "kafkajs";
import type { Database } from "../database/database.ts";
import type { AckByApi } from "./ack-by-api.ts";
import type { AckByTopic } from "./ack-by-topic.ts";
import type { ReceivedMessage } from "./message.ts";
import { type InPlaceSchedule, readInPlaceSchedule } from "./in-place-schedule.ts";
import { SUBSCRIPTION_NAME } from "../contract/subscription-name.ts";
import { longestRetryWindow, type RetryPolicy, type SubscriptionPolicy } from "./retry-policy.ts";
import type { OnTrouble } from "./trouble.ts";

export interface ConsumerOptions<Tx> {
  /** host:port, some of the brokers. */
  brokers: string[];
  /** Client id, TLS, SASL and the like, as kafkajs takes them. */
  kafka?: Omit<KafkaConfig, "brokers">;
  topic: string;
  /** Its name on the topic, as declared to the service. */
  subscription: string;
  /** Kafka's consumer group, as declared to the service. Default, here and there: the subscription's name. */
  groupId?: string;
  /** One of the adapters: `surelay-consumer/pg`, `/prisma`, `/drizzle`, `/knex`, `/typeorm`, `/mysql2`. */
  database: Database<Tx>;
  /**
   * How the service learns what became of messages: by its API, by a Kafka topic (`{ topic: "surelay.acks" }`), or, for
   * subscriptions declared `ack: offset`, by the committed offset alone.
   */
  ack: AckByApi | AckByTopic | "offset";
  /**
   * A message that fails keeps its key waiting and is tried again in place, up to `retry.maxAttempts`, then rejected.
   * Default false: it is reported, later ones of its key go on, and the service delivers it again.
   */
  ordered?: boolean;
  /**
   * The pauses of attempts in place (`ordered`, `ack: "offset"`). Default: 1, 2, 4 … 60 s; by offset no end, ordered as many as
   * begin within two thirds of the subscription's `ackTimeoutSeconds`, at most 8: with its 30 s, 5. More are refused.
   */
  retry?: RetryPolicy;
  /**
   * The subscription's schedule as declared to the service, if it is not the default: the inbox must remember longer than
   * the service goes on delivering, and `ordered` be through before it delivers again. Whoever acknowledges by the API need
   * not say it: the service is asked.
   */
  policy?: SubscriptionPolicy;
  /** Handlers at once, of different keys. Default 16. Give the database's pool as many connections and some more. */
  concurrency?: number;
  /**
   * Records of a partition that are taken and not settled, at most about this; then it is paused. Default 1,000. It is paused as
   * well when ten times as many have been taken since the first that is not settled: one that never ends holds up the rest.
   */
  maxPending?: number;
  /** How often a message may be begun by a process that dies before it is rejected as poison. Default 5. */
  maxStarts?: number;
  /** After this a process that says nothing is taken for dead, and others get its partitions, in ms. Default 10,000. */
  sessionTimeoutMs?: number;
  inbox?: {
    /** Older rows are deleted. Default 30 days. */
    retentionDays?: number;
    /** How often this process prunes. Default 60; 0: never, you call `pruneInbox`. */
    pruneEveryMinutes?: number;
  };
  /** Of a group that has read nothing yet. Default: from the beginning of the topic. */
  fromBeginning?: boolean;
  /** Told of what goes wrong beside the messages: log it. */
  onTrouble?: OnTrouble;
  /**
   * By `ack: "offset"` only: takes a message that is given up (RejectMessage, attempts used up, poison), for nobody else
   * does. Resolve when it is kept somewhere. Without it such a message is tried again for ever.
   */
  onRejected?: (message: ReceivedMessage, error: unknown) => unknown;
}

/** Options with their defaults. */
export type Settings<Tx> = Required<
  Omit<ConsumerOptions<Tx>, "kafka" | "policy" | "inbox" | "onTrouble" | "onRejected" | "retry">
> &
  Pick<ConsumerOptions<Tx>, "kafka" | "onTrouble" | "onRejected"> &
  InPlaceSchedule & {
    retentionDays: number;
    pruneEveryMinutes: number;
    /** By offset: nobody is told. */
    byOffset: boolean;
    /** `ordered`, or by offset. */
    inPlace: boolean;
  };

const TOPIC = /^[A-Za-z0-9._-]{1,249}$/;
const DAY_SECONDS = 86_400;

/** @throws TypeError, RangeError: what is wrong with the options */
export function readOptions<Tx>(options: ConsumerOptions<Tx>): Settings<Tx> {
  const { topic, subscription, ack, ordered = false } = options;
  if (!TOPIC.test(topic)) throw new TypeError(`${JSON.stringify(topic)} is no name of a topic`);
  if (!SUBSCRIPTION_NAME.test(subscription))
    throw new TypeError(`${JSON.stringify(subscription)} is no name of a subscription`);
  const byOffset = ack === "offset";
  const retentionDays = options.inbox?.retentionDays ?? 30;
  const settings: Settings<Tx> = {
    brokers: options.brokers,
    kafka: options.kafka,
    topic,
    subscription,
    groupId: options.groupId ?? subscription,
    database: options.database,
    ack,
    ordered,
    byOffset,
    inPlace: ordered || byOffset,
    ...readInPlaceSchedule(options),
    concurrency: options.concurrency ?? 16,
    maxPending: options.maxPending ?? 1000,
    maxStarts: options.maxStarts ?? 5,
    sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
    retentionDays,
    pruneEveryMinutes: options.inbox?.pruneEveryMinutes ?? 60,
    fromBeginning: options.fromBeginning ?? true,
    onTrouble: options.onTrouble,
    onRejected: options.onRejected,
  };
  for (const name of ["concurrency", "maxPending", "maxStarts"] as const)
    if (!(settings[name] >= 1)) throw new RangeError(`${name} is at least 1`);
  requireRetention(retentionDays, options.policy ?? {});
  if (options.policy?.ordered && !settings.inPlace)
    throw new RangeError(
      `The subscription ${subscription} is declared ordered, and this consumer would let later messages of a key pass one that fails: say ordered: true.`,
    );
  return settings;
}

/** A message may come again as long as the service goes on delivering it; its row must still be there then. @throws RangeError */
function requireRetention(retentionDays: number, policy: SubscriptionPolicy): void {
  const days = longestRetryWindow(policy) / DAY_SECONDS;
  if (retentionDays > days) return;
  throw new RangeError(
    `inbox.retentionDays is ${retentionDays}, but the subscription's schedule may deliver a message again for ${days.toFixed(2)} days: ` +
      "it would be handled a second time. Keep the rows longer.",
  );
}
