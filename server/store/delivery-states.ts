import type { Queryable } from "../db.ts";
import type { DeliveryState } from "../domain/delivery-state.ts";
import type { DeliveryKey } from "./delivery-filter.ts";
import { plainArray } from "./sql-array.ts";

/** Where these deliveries are by now, by primary key; those that do not exist are left out. */
export async function readDeliveryStates(
  db: Queryable,
  keys: readonly DeliveryKey[],
): Promise<(DeliveryKey & { state: DeliveryState })[]> {
  if (keys.length === 0) return [];
  const { rows } = await db.query<DeliveryKey & { state: DeliveryState }>({
    name: "read-delivery-states",
    text: `SELECT d.message_id AS "messageId", d.subscription_id AS "subscriptionId", d.state
           FROM unnest($1::uuid[], $2::int[]) AS a(message_id, subscription_id)
           CROSS JOIN LATERAL (
             SELECT * FROM delivery WHERE message_id = a.message_id AND subscription_id = a.subscription_id OFFSET 0) d`,
    values: [plainArray(keys.map((key) => key.messageId)), plainArray(keys.map((key) => key.subscriptionId))],
  });
  return rows;
}
