import { inTransaction, type Pool } from "../../db.ts";
import { appendAudit } from "../../store/audit.ts";
import { findSubscription, removeSubscription as write } from "../../store/subscriptions.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { subscriptionPath } from "./declare-subscription.ts";
import { noSuchSubscription } from "./read-subscription.ts";
import { specOf } from "./subscription-form.ts";

/**
 * Removes a subscription. Messages marked SENT from then on have no delivery for it; its open deliveries are discarded by
 * the sweep, batch by batch, with the reason "subscription removed". Its own topics stay in the broker, for whoever has not
 * read them.
 *
 * @throws SurelayError `not_found`
 */
export function removeSubscription(
  db: Pool,
  { topic, name }: { topic: string; name: string },
  by: Acting,
): Promise<void> {
  const path = subscriptionPath({ topic, name });
  return inTransaction(db, async (tx) => {
    const before = await findSubscription(tx, topic, name);
    if (before === null || !(await write(tx, topic, name))) throw noSuchSubscription(path);
    await appendAudit(
      tx,
      entryOf(by, {
        action: "subscription.remove",
        targetKind: "subscription",
        targetId: path,
        before: specOf(before),
      }),
    );
  });
}
