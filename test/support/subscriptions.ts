import type { Queryable } from "../../server/db.ts";
import { completeSubscription, type SubscriptionDraft, topicsOf } from "../../server/domain/subscription.ts";
import {
  findSubscription,
  insertSubscription,
  type SubscriptionRow,
} from "../../server/store/subscriptions.ts";
import { declareOwnTopic, findTopic } from "../../server/store/topics.ts";

/** A subscription in the store, with its own topics (not in the broker). Its topic must be declared. */
export async function subscribe(db: Queryable, draft: SubscriptionDraft): Promise<SubscriptionRow> {
  const spec = completeSubscription(draft);
  const { partitions } = (await findTopic(db, spec.topic))!;
  const { retry, deadLetter } = topicsOf(spec);
  const done = await insertSubscription(db, spec, {
    retry: retry === null ? null : await declareOwnTopic(db, { name: retry, kind: "retry", partitions }),
    deadLetter:
      deadLetter === null
        ? null
        : await declareOwnTopic(db, { name: deadLetter, kind: "dead_letter", partitions }),
  });
  if (done !== "inserted") throw new Error(`subscription ${spec.name} was not declared: ${done}`);
  return (await findSubscription(db, spec.topic, spec.name))!;
}
