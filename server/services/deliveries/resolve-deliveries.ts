import type { Queryable } from "../../db.ts";
import type { DeliveryScope } from "../../domain/delivery-scope.ts";
import { findApp } from "../../store/apps.ts";
import type { DeliveryFilter } from "../../store/delivery-filter.ts";
import { findSubscriptionIds } from "../../store/subscription-ids.ts";

/** The ids and moments behind a scope; null: its app, topic or subscription does not exist, so nothing fits. */
export async function resolveDeliveries(db: Queryable, scope: DeliveryScope): Promise<DeliveryFilter | null> {
  const { states, topic, subscription, app, groupId, withinSeconds, movedBefore } = scope;
  const [found, subscriptionIds] = await Promise.all([
    app === null ? undefined : findApp(db, app),
    topic === null && subscription === null ? null : findSubscriptionIds(db, { topic, name: subscription }),
  ]);
  if (found === null || subscriptionIds?.length === 0) return null;
  const since = withinSeconds === null ? null : new Date(Date.now() - withinSeconds * 1000);
  const from = scope.from !== null && since !== null && scope.from < since ? since : (scope.from ?? since);
  return {
    states,
    subscriptionIds,
    ...(groupId !== null && { groupId }),
    ...(found && { appId: found.id }),
    ...(from && { from }),
    ...(scope.to && { to: scope.to }),
    ...(movedBefore && { movedBefore }),
  };
}
