import type { Pool, Queryable } from "../../db.ts";
import { type SubscriptionSpec, topicsOf } from "../../domain/subscription.ts";
import { SurelayError } from "../../errors.ts";
import type { SubscriptionTopics } from "../../store/subscriptions.ts";
import { declareOwnTopic } from "../../store/topics.ts";
import type { Acting } from "../registry/acting.ts";
import { ensureInBroker, planInBroker } from "../registry/ensure-in-broker.ts";
import type { ConsoleBroker } from "../registry/require-broker.ts";

/**
 * Makes a subscription's own topics in the broker, with as many partitions as its topic; nothing for those that are there.
 * One that has more partitions stays as it is: order per key holds whatever their number.
 *
 * @throws SurelayError `unavailable`
 */
export async function ensureOwnTopics(
  db: Pool,
  broker: ConsoleBroker | null,
  spec: SubscriptionSpec,
  partitions: number,
  by: Acting,
): Promise<void> {
  const { retry, deadLetter } = topicsOf(spec);
  for (const name of [retry, deadLetter]) {
    if (name === null) continue;
    const { present } = await planInBroker(broker, { name, partitions });
    if ((present ?? 0) < partitions) await ensureInBroker(db, broker, { name, partitions }, by);
  }
}

/**
 * Declares them in the store, in the transaction that writes the subscription: the relay may be told to write to them.
 *
 * @throws SurelayError `id_conflict`: somebody declared a topic of this name for messages
 */
export async function declareOwnTopics(
  tx: Queryable,
  spec: SubscriptionSpec,
  partitions: number,
): Promise<SubscriptionTopics> {
  const { retry, deadLetter } = topicsOf(spec);
  return {
    retry: retry === null ? null : await declare(tx, retry, "retry", partitions),
    deadLetter: deadLetter === null ? null : await declare(tx, deadLetter, "dead_letter", partitions),
  };
}

async function declare(
  tx: Queryable,
  name: string,
  kind: "retry" | "dead_letter",
  partitions: number,
): Promise<number> {
  const id = await declareOwnTopic(tx, { name, kind, partitions });
  if (id !== null) return id;
  throw new SurelayError(
    "id_conflict",
    `The subscription needs the topic ${JSON.stringify(name)} for itself, but it is declared as a topic of messages. Choose another name.`,
  );
}
