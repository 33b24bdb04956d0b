import { inTransaction, type Pool } from "../../db.ts";
import { appendAudit } from "../../store/audit.ts";
import { enableEndpoint as enable, findWebhookEndpoint } from "../../store/webhook-endpoints.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { noSuchTarget, secretTarget } from "../registry/secret-target.ts";

/**
 * Has a disabled webhook called again, at once. What waited meanwhile was not counted and goes on where it stood. If the
 * receiver still fails, it is disabled anew after as long a time; if it still says 410, with the next call.
 *
 * @returns `enabled` false: it was not disabled, and nothing was written
 * @throws SurelayError `not_found`
 */
export function enableEndpoint(
  db: Pool,
  of: { topic: string; subscription: string },
  by: Acting,
): Promise<{ enabled: boolean }> {
  return inTransaction(db, async (tx) => {
    const endpoint = await findWebhookEndpoint(tx, of.topic, of.subscription);
    if (!endpoint) throw noSuchTarget(of);
    const before = await enable(tx, endpoint.id);
    if (!before) return { enabled: false };
    const what = { ...secretTarget(of), action: "subscription.enable", before, after: { disabledAt: null } };
    await appendAudit(tx, entryOf(by, what));
    return { enabled: true };
  });
}
