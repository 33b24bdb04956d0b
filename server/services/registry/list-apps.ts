import type { Queryable } from "../../db.ts";
import { readBacklogs } from "../../store/read-flow.ts";
import { readIntake } from "../../store/registry-flow.ts";
import { type AppWithKeys, readAppRows } from "../../store/registry-rows.ts";
import { type Flow, NO_FLOW, sumFlow } from "./sum-flow.ts";

export type AppListItem = AppWithKeys & Flow;

/** All apps by name, with what goes through them just now. */
export async function listAppsForOperator(db: Queryable): Promise<AppListItem[]> {
  const [apps, intake, backlogs] = await Promise.all([
    readAppRows(db, null),
    readIntake(db),
    readBacklogs(db),
  ]);
  const flows = sumFlow("appId", intake, backlogs);
  return apps.map((app) => ({ ...app, ...(flows.get(app.id) ?? NO_FLOW) }));
}
