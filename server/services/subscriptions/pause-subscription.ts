import { inTransaction, type Pool } from "../../db.ts";
import { pauseSubscription as write } from "../../store/subscriptions.ts";
import type { Acting } from "../registry/acting.ts";
import { recordPause } from "../registry/record-pause.ts";
import { subscriptionPath } from "./declare-subscription.ts";
import { noSuchSubscription } from "./read-subscription.ts";

/**
 * Holds a subscription's redeliveries and webhook calls, or lets them go on. What it was sent already it may acknowledge;
 * nothing is lost, no attempt is counted.
 *
 * @returns `changed` false: it was so already; nothing was written
 * @throws SurelayError `not_found`
 */
export function pauseSubscription(
  db: Pool,
  change: { topic: string; name: string; paused: boolean },
  by: Acting,
): Promise<{ changed: boolean }> {
  const { topic, name, paused } = change;
  const path = subscriptionPath(change);
  return inTransaction(db, async (tx) => {
    const pause = paused ? { by: by.actor.username, reason: by.reason ?? null } : null;
    const done = await write(tx, topic, name, pause);
    if (!done) throw noSuchSubscription(path);
    return recordPause(tx, by, { kind: "subscription", id: path, paused }, done);
  });
}
