import type { SubscriptionView } from "../../../sdk/contract/subscriptions.ts";
import type { Queryable } from "../../db.ts";
import { brokenRules, TOPIC_NAME_RULES } from "../../domain/registry-rules.ts";
import { SUBSCRIPTION_NAME, topicsOf } from "../../domain/subscription.ts";
import { SurelayError } from "../../errors.ts";
import { findSubscription } from "../../store/subscriptions.ts";
import { findTopic } from "../../store/topics.ts";
import { rethrowUnavailable } from "../messages/get-message.ts";

/**
 * A subscription as its consumer reads it. One of another app is as unknown as one that does not exist.
 *
 * @throws SurelayError `not_found` | `unavailable`
 */
export async function getSubscription(
  db: Queryable,
  appId: number,
  of: { topic: string; name: string },
): Promise<SubscriptionView> {
  const named = brokenRules(TOPIC_NAME_RULES, of.topic).length === 0 && SUBSCRIPTION_NAME.test(of.name);
  const [row, topic] = named
    ? await Promise.all([findSubscription(db, of.topic, of.name), findTopic(db, of.topic)]).catch(
        rethrowUnavailable,
      )
    : [null, null];
  if (row === null || (row.appId !== null && row.appId !== appId))
    throw new SurelayError("not_found", "The app has no such subscription.");
  const { ratePerSecond: _rate, maxInFlight: _inFlight, ...retry } = row.retry;
  const { retry: retryTopic, deadLetter: deadLetterTopic } = topicsOf(row);
  return {
    topic: row.topic,
    name: row.name,
    ack: row.ack,
    groupId: row.groupId,
    ordered: row.ordered,
    ackTimeoutSeconds: row.ackTimeoutSeconds,
    retry: { ...retry, ladderSeconds: [...retry.ladderSeconds] },
    retryTopic,
    deadLetterTopic,
    paused: row.pausedAt !== null || (topic?.pausedAt ?? null) !== null,
  };
}
