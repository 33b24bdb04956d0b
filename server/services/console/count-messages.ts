import type { Queryable } from "../../db.ts";
import { type BacklogCount, type BacklogKind, countBacklog } from "../../store/count-backlog.ts";
import { type MessageScope, resolveScope } from "./resolve-scope.ts";

/** Most messages that are looked at for one count. */
export const COUNT_CAP = 10_000;

/** How many messages wait in each state that can be counted cheaply; null: the app or topic does not exist. */
export async function countMessagesForOperator(
  db: Queryable,
  scope: MessageScope,
): Promise<Record<BacklogKind, BacklogCount> | null> {
  const resolved = await resolveScope(db, scope);
  return resolved === null ? null : countBacklog(db, resolved, COUNT_CAP);
}
