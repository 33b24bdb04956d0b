import type { Queryable } from "../../db.ts";
import type { DeliveryState } from "../../domain/delivery-state.ts";
import type { DeliveryKey } from "../../store/delivery-filter.ts";
import { readDeliveryStates as read } from "../../store/delivery-states.ts";

/** Where these deliveries are by now, by `<message>.<subscription>`; one that does not exist is absent. */
export async function readDeliveryStates(
  db: Queryable,
  keys: readonly DeliveryKey[],
): Promise<Map<string, DeliveryState>> {
  const rows = await read(db, keys);
  return new Map(
    rows.map(({ messageId, subscriptionId, state }) => [`${messageId}.${subscriptionId}`, state]),
  );
}
