import { inTransaction, type Pool, type Queryable } from "../../db.ts";
import type { SubscriptionSpec } from "../../domain/subscription.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { findSubscription, insertSubscription } from "../../store/subscriptions.ts";
import { findTopic } from "../../store/topics.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import type { ConsoleBroker } from "../registry/require-broker.ts";
import { declareOwnTopics, ensureOwnTopics } from "./own-topics.ts";

/**
 * Declares a new subscription, its own topics in the broker first. Messages that are marked SENT from then on have
 * deliveries for it; what was sent before has none.
 *
 * @throws SurelayError `id_conflict`: there is one of this name, or its topic's name is taken | `validation_failed`: there is
 * no such topic or app | `unavailable`
 */
export async function declareSubscription(
  db: Pool,
  broker: ConsoleBroker | null,
  spec: SubscriptionSpec,
  by: Acting,
): Promise<void> {
  const topic = await findTopic(db, spec.topic);
  if (topic === null) throw noSuchTopic(spec.topic);
  if ((await findSubscription(db, spec.topic, spec.name)) !== null) throw declaredAlready(spec);
  await ensureOwnTopics(db, broker, spec, topic.partitions, by);
  await inTransaction(db, async (tx) => {
    await writeNew(tx, spec, topic.partitions);
    await appendAudit(
      tx,
      entryOf(by, {
        action: "subscription.create",
        targetKind: "subscription",
        targetId: subscriptionPath(spec),
        after: spec,
      }),
    );
  });
}

/** Writes a new subscription and its own topics. @throws SurelayError as `declareSubscription` */
export async function writeNew(tx: Queryable, spec: SubscriptionSpec, partitions: number): Promise<void> {
  const done = await insertSubscription(tx, spec, await declareOwnTopics(tx, spec, partitions));
  if (done === "no_topic") throw noSuchTopic(spec.topic);
  if (done === "no_app") throw noSuchApp(spec.app);
  if (done === "taken") throw declaredAlready(spec);
}

/** What a subscription is called where one text has to name it: in the audit log, in addresses, in plans. */
export function subscriptionPath({ topic, name }: Pick<SubscriptionSpec, "topic" | "name">): string {
  return `${topic}/${name}`;
}

export function noSuchApp(app: string | null): SurelayError {
  return new SurelayError("validation_failed", `There is no app ${JSON.stringify(app)}; declare it first.`);
}

function noSuchTopic(topic: string): SurelayError {
  return new SurelayError(
    "validation_failed",
    `There is no topic ${JSON.stringify(topic)}; declare it first.`,
  );
}

function declaredAlready(spec: SubscriptionSpec): SurelayError {
  return new SurelayError(
    "id_conflict",
    `There is a subscription ${JSON.stringify(subscriptionPath(spec))} already.`,
  );
}
