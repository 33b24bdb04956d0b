import { discardRemoved } from "../../server/store/discard-removed.ts";
import { readRemovedOpen } from "../../server/store/read-subscriptions.ts";
import type { ProcessContext } from "../runtime/process.ts";

/** Deliveries of one statement: it holds the locks of their messages, so it must be short. */
const AT_ONCE = 500;

/**
 * Discards what is open of subscriptions that were removed, a batch of each a pass. Which have any left is told by their
 * counters and by the queue, so that a delivery made at the very moment of the removal is found by the next pass.
 *
 * @returns whether there may be more at once
 */
export async function clearRemovedOnce(ctx: Pick<ProcessContext, "pool" | "log">): Promise<boolean> {
  let full = false;
  for (const subscriptionId of await readRemovedOpen(ctx.pool)) {
    const discarded = await discardRemoved(ctx.pool, subscriptionId, AT_ONCE);
    full ||= discarded === AT_ONCE;
    if (discarded > 0)
      ctx.log.info({ subscriptionId, discarded }, "deliveries of a removed subscription are discarded");
  }
  return full;
}
