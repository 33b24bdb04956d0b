import type { Queryable } from "../../db.ts";
import type { DeliveryScope } from "../../domain/delivery-scope.ts";
import { countDeliveriesUpTo, type DeliveryCount, readDeliveryClock } from "../../store/find-deliveries.ts";
import { resolveDeliveries } from "./resolve-deliveries.ts";

/** Beyond this many it only matters that they are very many. */
export const DELIVERY_COUNT_LIMIT = 10_000;
const SCAN_LIMIT = 200_000;

export interface CountedDeliveries extends DeliveryCount {
  /** Those in their state since then or longer were counted: what is done to all of them is done with this bound. */
  movedBefore: Date;
}

/** How many deliveries fit, exact up to `DELIVERY_COUNT_LIMIT`: "10,000+". */
export async function countDeliveries(db: Queryable, scope: DeliveryScope): Promise<CountedDeliveries> {
  const movedBefore = scope.movedBefore ?? (await readDeliveryClock(db));
  const filter = await resolveDeliveries(db, { ...scope, movedBefore });
  if (filter === null) return { count: 0, capped: false, movedBefore };
  return { ...(await countDeliveriesUpTo(db, filter, DELIVERY_COUNT_LIMIT, SCAN_LIMIT)), movedBefore };
}
