import type { PoolClient } from "pg";
import type { Handler } from "surelay-consumer";
import type { Outbox } from "surelay-producer/outbox";
import { bookParcels } from "./carrier.ts";
import { type OrderToShip, readOrder } from "./read-order.ts";

/** The topics of this service, with what their messages hold. */
export interface ShippingTopics {
  "orders.shipped": {
    waybill: string;
    orderNumber: string;
    customerId: string;
    parcels: number;
    shippedAt: string;
  };
}

/**
 * Ships an order. `tx` is the transaction that says "handled": with it the waybill stands, and the message that tells of it,
 * or neither. What it throws goes to Surelay, which delivers the order again, or shows it to somebody.
 */
export function shipOrders(enqueue: Outbox<PoolClient, ShippingTopics>["enqueue"]): Handler<PoolClient> {
  return async (message, tx, { signal }) => {
    const order = readOrder(message.payload);
    const parcels = countParcels(order);
    await bookParcels(message.id, parcels, signal);
    const { rows } = await tx.query<{ number: string; written_at: Date }>(
      `INSERT INTO waybill (number, order_number, customer_id, parcels)
       VALUES ('WB-' || nextval('waybill_number'), $1, $2, $3) RETURNING number, written_at`,
      [order.orderNumber, order.customerId, parcels],
    );
    const { number: waybill, written_at: writtenAt } = rows[0]!;
    const { orderNumber, customerId } = order;
    await enqueue(tx, {
      topic: "orders.shipped",
      key: customerId,
      type: "shop.order.shipped",
      businessKey: orderNumber,
      payload: { waybill, orderNumber, customerId, parcels, shippedAt: writtenAt.toISOString() },
    });
  };
}

function countParcels({ lines, giftCard }: OrderToShip): number {
  const pieces = lines.reduce((sum, line) => sum + line.quantity, 0);
  // For show: a mistake, as they happen. No attempt will help, until somebody mends the code and redrives what it broke.
  if (giftCard) throw new TypeError(`Cannot read properties of undefined: card ${giftCard} has no "format"`);
  return Math.ceil(pieces / 6);
}
