import type { Queryable } from "../../db.ts";
import type { BreakerState } from "../../domain/check-breaker.ts";
import { checkPolicyOf } from "../../domain/check-policy.ts";
import { HEALTH_LIMITS } from "../../domain/health-snapshot.ts";
import { listApps } from "../../store/apps.ts";
import type { CheckBackRow } from "../../store/check-backs.ts";
import { readBreakerRows } from "../../store/check-breakers.ts";
import {
  type WaitingCursor,
  type WaitingKind,
  type WaitingRow,
  listWaiting,
} from "../../store/waiting-messages.ts";
import { readLastCheckBacks } from "./read-check-backs.ts";

export interface WaitingItem extends WaitingRow {
  /** Checks after which it becomes UNDECIDED. */
  maxAttempts: number;
  /** The app declares a check URL; without one nobody asks. */
  asked: boolean;
  breaker: BreakerState;
  /** Null: it was not asked about so far. */
  last: Pick<CheckBackRow, "at" | "outcome" | "status" | "error" | "detail"> | null;
}

export interface WaitingPage {
  items: WaitingItem[];
  /** Where the next page begins; null: this is the last. */
  next: WaitingCursor | null;
}

/** A page of what waits for its producer, with what was asked and answered last. An app that does not exist has none. */
export async function listWaitingForOperator(
  db: Queryable,
  input: { kind: WaitingKind; app: string | null; after: WaitingCursor | null; limit: number },
): Promise<WaitingPage> {
  const [apps, breakers] = await Promise.all([listApps(db), readBreakerRows(db, null)]);
  const byName = new Map(apps.map((app) => [app.name, app]));
  const appId = input.app === null ? null : byName.get(input.app)?.id;
  if (appId === undefined) return { items: [], next: null };
  const rows = await listWaiting(db, {
    kind: input.kind,
    appId,
    after: input.after,
    limit: input.limit + 1,
    graceMs: HEALTH_LIMITS.preparedGraceMs,
  });
  const page = rows.slice(0, input.limit);
  const lastCheckBacks = await readLastCheckBacks(
    db,
    page.map(({ id }) => id),
  );
  const states = new Map(breakers.map(({ app, state }) => [app, state]));
  const items = page.map((row): WaitingItem => {
    const app = byName.get(row.app);
    const last = lastCheckBacks.get(row.id);
    return {
      ...row,
      maxAttempts: app === undefined ? 0 : checkPolicyOf(app.check, 1).maxAttempts,
      asked: (app?.checkUrl ?? null) !== null,
      breaker: states.get(row.app) ?? "closed",
      last: last
        ? {
            at: last.at,
            outcome: last.outcome,
            status: last.status,
            error: last.error,
            detail: last.detail,
          }
        : null,
    };
  });
  const end = page.at(-1);
  const next = rows.length > input.limit && end ? { id: end.id, checkAt: end.checkAt } : null;
  return { items, next };
}
