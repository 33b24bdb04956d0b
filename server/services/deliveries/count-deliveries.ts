import type { Queryable } from "../../db.ts";
import type { DeliveryScope } from "../../domain/delivery-scope.ts";
import { countDeliveriesUpTo, type DeliveryCount } from "../../store/find-deliveries.ts";
import type { DeliveryAction } from "./act-on-deliveries.ts";
import { ACTED_ON_STATES } from "./act-on-deliveries.ts";
import { resolveDeliveries } from "./resolve-deliveries.ts";

/** Beyond this many it only matters that they are very many. */
export const DELIVERY_COUNT_LIMIT = 10_000;
const SCAN_LIMIT = 200_000;

/** How many deliveries fit, exact up to `DELIVERY_COUNT_LIMIT`: "10,000+". */
export async function countDeliveries(db: Queryable, scope: DeliveryScope): Promise<DeliveryCount> {
  const filter = await resolveDeliveries(db, scope);
  if (filter === null) return { count: 0, capped: false };
  return countDeliveriesUpTo(db, filter, DELIVERY_COUNT_LIMIT, SCAN_LIMIT);
}

/** How many an action would be done to: those of the scope that stand in a state it applies to. */
export function countActedOn(
  db: Queryable,
  scope: DeliveryScope,
  action: DeliveryAction,
): Promise<DeliveryCount> {
  const applies = ACTED_ON_STATES[action];
  const states =
    scope.states.length === 0 ? applies : applies.filter((state) => scope.states.includes(state));
  return states.length === 0
    ? Promise.resolve({ count: 0, capped: false })
    : countDeliveries(db, { ...scope, states });
}
