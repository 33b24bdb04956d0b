import type { Queryable } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { type ApiKeyRow, listApiKeys } from "../../store/api-keys.ts";
import { readBreakerRows } from "../../store/check-breakers.ts";
import { readBacklogs } from "../../store/read-flow.ts";
import { type Usage, readIntake, readUsage } from "../../store/registry-flow.ts";
import { readAppRows } from "../../store/registry-rows.ts";
import { type WrittenTopology, writeTopology } from "../topology/write-topology.ts";
import { type AppListItem, breakerOf } from "./list-apps.ts";
import { NO_FLOW, sumFlow } from "./sum-flow.ts";

export interface AppDetail extends AppListItem {
  /** Newest first, revoked ones too. */
  apiKeys: ApiKeyRow[];
  /** The topics it stored messages for in the last 24 hours. */
  topics: Usage[];
  /** The same as a topology file declares it. */
  file: WrittenTopology;
}

/** @throws SurelayError `not_found` */
export async function readAppForOperator(db: Queryable, name: string): Promise<AppDetail> {
  const app = (await readAppRows(db, name))[0];
  if (!app) throw new SurelayError("not_found", `There is no app ${JSON.stringify(name)}.`);
  const [apiKeys, topics, intake, backlogs, breakers] = await Promise.all([
    listApiKeys(db, app.id),
    readUsage(db, { appId: app.id }),
    readIntake(db),
    readBacklogs(db),
    readBreakerRows(db, name),
  ]);
  const { checkUrl, checkAfterSeconds, check, contact } = app;
  const spec = { name, checkUrl, checkAfterSeconds, check, contact };
  return {
    ...app,
    ...(sumFlow("appId", intake, backlogs).get(app.id) ?? NO_FLOW),
    breaker: breakerOf(breakers, app.id),
    apiKeys,
    topics,
    file: writeTopology({ apps: [spec], topics: [] }),
  };
}
