import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type DeliveryFlowPoint, readDeliverySeries } from "../../store/read-delivery-flow.ts";
import { type ProgressRow, readGroupProgress } from "../../store/read-subscriptions.ts";
import { findSubscription } from "../../store/subscriptions.ts";
import { listAllTopics, type TopicRow } from "../../store/topics.ts";
import { type WrittenTopology, writeTopology } from "../topology/write-topology.ts";
import { subscriptionPath } from "./declare-subscription.ts";
import { type SubscriptionItem, withFigures } from "./list-subscriptions.ts";
import { specOf } from "./subscription-form.ts";

/** One of a subscription's own topics. */
export type OwnTopic = Pick<TopicRow, "name" | "partitions" | "faultCode" | "faultDetail" | "faultSince">;

export interface SubscriptionDetail extends SubscriptionItem {
  retryTopic: OwnTopic | null;
  deadLetterTopicRow: OwnTopic | null;
  /** The topic it reads is paused, and its redeliveries with it. */
  topicPaused: boolean;
  /** By partition of the topic, then of the retry topic. */
  progress: Omit<ProgressRow, "subscriptionId">[];
  /** The last hour, minute by minute. */
  series: DeliveryFlowPoint[];
  /** The same as a topology file declares it, its topic beside it. */
  file: WrittenTopology;
}

const HOUR = { minutes: 60, stepMinutes: 1 };

/** @throws SurelayError `not_found` */
export async function readSubscription(
  db: Queryable,
  { topic, name }: { topic: string; name: string },
): Promise<SubscriptionDetail> {
  const row = await findSubscription(db, topic, name);
  if (row === null) throw noSuchSubscription(subscriptionPath({ topic, name }));
  const [items, topics, progress, series] = await Promise.all([
    withFigures(db, [row]),
    listAllTopics(db),
    readGroupProgress(db, row.id),
    readDeliverySeries(db, HOUR, row.id),
  ]);
  const main = topics.find(({ id }) => id === row.topicId)!;
  const own = (id: number | null): OwnTopic | null => ownOf(topics.find((one) => one.id === id));
  return {
    ...items[0]!,
    retryTopic: own(row.retryTopicId),
    deadLetterTopicRow: own(row.deadLetterTopicId),
    topicPaused: main.pausedAt !== null,
    progress: progress.map(({ subscriptionId: _id, ...one }) => one),
    series,
    file: writeTopology({
      apps: [],
      topics: [{ name: topic, partitions: main.partitions, schema: null, masked: main.masked }],
      subscriptions: [specOf(row)],
    }),
  };
}

function ownOf(topic: TopicRow | undefined): OwnTopic | null {
  if (!topic) return null;
  const { name, partitions, faultCode, faultDetail, faultSince } = topic;
  return { name, partitions, faultCode, faultDetail, faultSince };
}

export function noSuchSubscription(path: string): SurelayError {
  return new SurelayError("not_found", `There is no subscription ${JSON.stringify(path)}.`);
}
