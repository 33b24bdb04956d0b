import type { Queryable } from "../../db.ts";
import { listApps } from "../../store/apps.ts";
import { listOutboxSources } from "../../store/outbox-sources.ts";
import { listTopics } from "../../store/topics.ts";
import { listSubscriptions } from "../../store/subscriptions.ts";
import { specOf } from "../outbox-sources/source-spec.ts";
import { subscriptionPath } from "../subscriptions/declare-subscription.ts";
import { specOf as subscriptionSpecOf } from "../subscriptions/subscription-form.ts";
import type { BrokerTopics } from "./broker-topics.ts";
import type { JsonObject, Present } from "./topology.ts";

/** Reads what is there: all of the store's apps and topics, and of the broker's topics the named ones. */
export async function readPresent(
  db: Queryable,
  broker: BrokerTopics,
  topicNames: readonly string[],
): Promise<Present> {
  const apps = await listApps(db);
  const topics = await listTopics(db);
  return {
    apps: new Map(
      apps.map(({ name, checkUrl, checkAfterSeconds, check, contact }) => [
        name,
        { name, checkUrl, checkAfterSeconds, check, contact },
      ]),
    ),
    topics: new Map(
      topics.map(({ name, partitions, schema, masked }) => [
        name,
        { name, partitions, schema: schema as JsonObject | null, masked },
      ]),
    ),
    outboxSources: new Map((await listOutboxSources(db)).map((source) => [source.name, specOf(source)])),
    subscriptions: new Map(
      (await listSubscriptions(db)).map((row) => [subscriptionPath(row), subscriptionSpecOf(row)]),
    ),
    brokerTopics: await broker.partitionsOf(topicNames),
  };
}
