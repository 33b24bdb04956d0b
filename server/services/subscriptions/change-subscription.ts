import { isDeepStrictEqual } from "node:util";
import { inTransaction, type Pool } from "../../db.ts";
import type { SubscriptionSpec } from "../../domain/subscription.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { changeSubscription as write, findSubscription } from "../../store/subscriptions.ts";
import { findTopic } from "../../store/topics.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { type ChangedMeanwhile, changedMeanwhile } from "../registry/changed-meanwhile.ts";
import type { ConsoleBroker } from "../registry/require-broker.ts";
import { noSuchApp, subscriptionPath } from "./declare-subscription.ts";
import { declareOwnTopics, ensureOwnTopics } from "./own-topics.ts";
import { noSuchSubscription } from "./read-subscription.ts";
import { specOf } from "./subscription-form.ts";

export type ChangeSubscriptionResult = { kind: "changed" } | { kind: "unchanged" } | ChangedMeanwhile;

/**
 * Changes what a subscription declares, if it still is as the author saw it. Deadlines and next attempts that are set
 * already stay; the next ones are as changed. The mode of acknowledgement cannot be changed: its deliveries were made for it.
 *
 * @param seen `updatedAt` of what the author saw
 * @throws SurelayError `not_found` | `validation_failed`: another mode, or no such app | `unavailable`
 */
export async function changeSubscription(
  db: Pool,
  broker: ConsoleBroker | null,
  change: { subscription: SubscriptionSpec; seen: Date },
  by: Acting,
): Promise<ChangeSubscriptionResult> {
  const { subscription: spec, seen } = change;
  const path = subscriptionPath(spec);
  const [now, topic] = await Promise.all([
    findSubscription(db, spec.topic, spec.name),
    findTopic(db, spec.topic),
  ]);
  if (now === null || topic === null) throw noSuchSubscription(path);
  if (now.ack !== spec.ack) throw modeStays(path, now.ack);
  const before = specOf(now);
  if (isDeepStrictEqual(before, specOf(spec))) return { kind: "unchanged" };
  await ensureOwnTopics(db, broker, spec, topic.partitions, by);
  return inTransaction(db, async (tx) => {
    const done = await write(tx, spec, await declareOwnTopics(tx, spec, topic.partitions), seen);
    if (done === "no_app") throw noSuchApp(spec.app);
    if (done === "stale") return changedMeanwhile(tx, "subscription", path);
    await appendAudit(
      tx,
      entryOf(by, {
        action: "subscription.change",
        targetKind: "subscription",
        targetId: path,
        before,
        after: specOf(spec),
      }),
    );
    return { kind: "changed" };
  });
}

export function modeStays(path: string, ack: string): SurelayError {
  return new SurelayError(
    "validation_failed",
    `Subscription ${JSON.stringify(path)} is acknowledged by ${JSON.stringify(ack)}, and its deliveries were made for that. Remove it and declare it anew, or declare another one.`,
  );
}
