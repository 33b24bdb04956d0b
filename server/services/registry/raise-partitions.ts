import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { raiseTopicPartitions } from "../../store/declare-topics.ts";
import { listSubscriptions } from "../../store/subscriptions.ts";
import { findTopic } from "../../store/topics.ts";
import { declareOwnTopics, ensureOwnTopics } from "../subscriptions/own-topics.ts";
import { type Acting, entryOf } from "./acting.ts";
import { type ChangedMeanwhile, changedMeanwhile } from "./changed-meanwhile.ts";
import { ensureInBroker } from "./ensure-in-broker.ts";
import type { ConsoleBroker } from "./require-broker.ts";

/**
 * Gives a topic and its subscriptions' own topics more partitions, in Kafka and here. A key may go to another partition
 * from then on: order per key holds among messages relayed before, and among those relayed after, not across. Whatever
 * Kafka was brought to before an error stays, and asking again does the rest.
 *
 * @throws SurelayError `not_found` | `validation_failed` (not more than before, or fewer than Kafka has) | `unavailable`
 */
export async function raisePartitions(
  db: Pool,
  broker: ConsoleBroker | null,
  change: { name: string; from: number; to: number },
  by: Acting,
): Promise<{ kind: "changed" } | ChangedMeanwhile> {
  const { name, from, to } = change;
  const topic = await findTopic(db, name);
  if (topic === null) throw new SurelayError("not_found", `There is no topic ${JSON.stringify(name)}.`);
  if (topic.partitions !== from) return changedMeanwhile(db, "topic", name);
  if (to <= from)
    throw new SurelayError("validation_failed", "Partitions can be added to a topic, not taken away.");
  await ensureInBroker(db, broker, { name, partitions: to }, by);
  const subscriptions = (await listSubscriptions(db)).filter((one) => one.topic === name);
  for (const one of subscriptions) await ensureOwnTopics(db, broker, one, to, by);
  return inTransaction(db, async (tx) => {
    if (!(await raiseTopicPartitions(tx, name, from, to))) return changedMeanwhile(tx, "topic", name);
    for (const one of subscriptions) await declareOwnTopics(tx, one, to);
    await appendAudit(
      tx,
      entryOf(by, {
        action: "topic.change",
        targetKind: "topic",
        targetId: name,
        before: { partitions: from },
        after: { partitions: to },
      }),
    );
    return { kind: "changed" };
  });
}
