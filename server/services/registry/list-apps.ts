import type { Queryable } from "../../db.ts";
import { type BreakerRow, readBreakerRows } from "../../store/check-breakers.ts";
import { readBacklogs } from "../../store/read-flow.ts";
import { readIntake } from "../../store/registry-flow.ts";
import { type AppWithKeys, readAppRows } from "../../store/registry-rows.ts";
import { type Flow, NO_FLOW, sumFlow } from "./sum-flow.ts";

export type AppListItem = AppWithKeys &
  Flow & {
    /** Whether it can be reached for check-backs; null: it always could. */
    breaker: Omit<BreakerRow, "app" | "appId"> | null;
  };

/** All apps by name, with what goes through them just now. */
export async function listAppsForOperator(db: Queryable): Promise<AppListItem[]> {
  const [apps, intake, backlogs, breakers] = await Promise.all([
    readAppRows(db, null),
    readIntake(db),
    readBacklogs(db),
    readBreakerRows(db, null),
  ]);
  const flows = sumFlow("appId", intake, backlogs);
  return apps.map((app) => ({
    ...app,
    ...(flows.get(app.id) ?? NO_FLOW),
    breaker: breakerOf(breakers, app.id),
  }));
}

/** An app's breaker without its names. */
export function breakerOf(breakers: readonly BreakerRow[], id: number): AppListItem["breaker"] {
  const found = breakers.find(({ appId }) => appId === id);
  if (!found) return null;
  const { app: _app, appId: _appId, ...breaker } = found;
  return breaker;
}
