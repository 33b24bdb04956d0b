import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { resetValve as reset } from "../../store/redelivery-valves.ts";
import { findLiveSubscription } from "../../store/subscription-ids.ts";
import { type Acting, entryOf } from "../registry/acting.ts";

/**
 * Lets a subscription's redeliveries flow at once, whatever its valve says. If most of them still fail it closes again.
 *
 * @returns `reset` false: it was open already, and nothing was written
 * @throws SurelayError `not_found`
 */
export function resetValve(
  db: Pool,
  of: { topic: string; subscription: string },
  by: Acting,
): Promise<{ reset: boolean }> {
  return inTransaction(db, async (tx) => {
    const id = await findLiveSubscription(tx, of.topic, of.subscription);
    if (id === null)
      throw new SurelayError(
        "not_found",
        `There is no subscription ${JSON.stringify(of.subscription)} of topic ${JSON.stringify(of.topic)}.`,
      );
    const before = await reset(tx, id);
    if (before === null) return { reset: false };
    await appendAudit(
      tx,
      entryOf(by, {
        action: "subscription.reset_valve",
        targetKind: "subscription",
        targetId: `${of.topic}/${of.subscription}`,
        before,
        after: { state: "open" },
      }),
    );
    return { reset: true };
  });
}
