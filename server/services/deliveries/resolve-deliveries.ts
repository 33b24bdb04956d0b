import type { Queryable } from "../../db.ts";
import type { DeliveryState } from "../../domain/delivery-state.ts";
import { findApp } from "../../store/apps.ts";
import type { DeliveryFilter } from "../../store/delivery-filter.ts";
import { findSubscriptionIds } from "../../store/subscription-ids.ts";

/** Which deliveries, by the names a person uses. Whatever is null or empty is not asked for. */
export interface DeliveryScope {
  states: readonly DeliveryState[];
  /** The topic whose messages they are. */
  topic: string | null;
  /** A subscription's name; of several topics if `topic` is null. */
  subscription: string | null;
  /** The app whose messages they are. */
  app: string | null;
  /** A failure group's id. */
  groupId: string | null;
  /** Of messages stored at this moment or later, or of the last so many seconds, or before a moment. */
  withinSeconds: number | null;
  from: Date | null;
  to: Date | null;
}

export const ANY_DELIVERY: DeliveryScope = {
  states: [],
  topic: null,
  subscription: null,
  app: null,
  groupId: null,
  withinSeconds: null,
  from: null,
  to: null,
};

/** The ids and moments behind a scope; null: its app, topic or subscription does not exist, so nothing fits. */
export async function resolveDeliveries(db: Queryable, scope: DeliveryScope): Promise<DeliveryFilter | null> {
  const { states, topic, subscription, app, groupId, withinSeconds } = scope;
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
  };
}
