import type { CheckSettings } from "../../domain/check-policy.ts";
import type { OutboxSourceSpec } from "../../domain/outbox-source.ts";
import type { SubscriptionSpec } from "../../domain/subscription.ts";

/** An app as a topology declares it. What is left out of the file is null here, and unset by `apply`. */
export interface AppSpec {
  name: string;
  checkUrl: string | null;
  checkAfterSeconds: number | null;
  /** How it is asked beside that; in the file `check`. */
  check: CheckSettings;
  /** Who to call about it. */
  contact: string | null;
}

/** A topic as a topology declares it, its schema file read. */
export interface TopicSpec {
  name: string;
  partitions: number;
  schema: JsonObject | null;
  masked: boolean;
}

export type JsonObject = { [name: string]: unknown };

/** What is wanted. Apps, topics, subscriptions and sources that are not named in it are left as they are: `apply` never removes. */
export interface Topology {
  apps: AppSpec[];
  topics: TopicSpec[];
  /** Local message tables to be collected. Absent: none named. */
  outboxSources?: OutboxSourceSpec[];
  /** In the file beneath their topics. Absent: none named. */
  subscriptions?: SubscriptionSpec[];
}

/** What is there, by name: the store's apps and topics, and the partitions of the broker's topics. */
export interface Present {
  apps: ReadonlyMap<string, AppSpec>;
  topics: ReadonlyMap<string, TopicSpec>;
  brokerTopics: ReadonlyMap<string, number>;
  /** Absent: none. */
  outboxSources?: ReadonlyMap<string, OutboxSourceSpec>;
  /** By `<topic>/<name>`. Absent: none. */
  subscriptions?: ReadonlyMap<string, SubscriptionSpec>;
}
