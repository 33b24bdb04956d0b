import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { closeBreaker, readBreakerRows } from "../../store/check-breakers.ts";
import { findApp } from "../../store/apps.ts";
import { type Acting, entryOf } from "../registry/acting.ts";

/**
 * Has an app asked again at once, whatever its breaker says. If it is still away the breaker opens again after a few tries.
 *
 * @returns `reset` false: it was closed already, and nothing was written
 * @throws SurelayError `not_found`
 */
export function resetBreaker(db: Pool, name: string, by: Acting): Promise<{ reset: boolean }> {
  return inTransaction(db, async (tx) => {
    const app = await findApp(tx, name);
    if (!app) throw new SurelayError("not_found", `There is no app ${JSON.stringify(name)}.`);
    const before = (await readBreakerRows(tx, name))[0];
    if ((await closeBreaker(tx, app.id, null)) === null) return { reset: false };
    await appendAudit(
      tx,
      entryOf(by, {
        action: "app.reset_breaker",
        targetKind: "app",
        targetId: name,
        before: before && { state: before.state, since: before.since, lastError: before.lastError },
        after: { state: "closed" },
      }),
    );
    return { reset: true };
  });
}
