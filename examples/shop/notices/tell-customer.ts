import type { Pool } from "pg";
import { pgDatabase } from "surelay-consumer/pg";
import type { WebhookDelivery } from "surelay-consumer/webhook";

interface OrderShipped {
  waybill: string;
  orderNumber: string;
  customerId: string;
  parcels: number;
}

/** Tells the customer, once however often it is called: the message's id is kept in the transaction that tells. */
export function tellCustomers(pool: Pool): (delivery: WebhookDelivery) => Promise<"told" | "told before"> {
  const database = pgDatabase(pool);
  return (delivery) =>
    database.transaction(async (tx) => {
      // Waits while another transaction holds the same id uncommitted, and then finds it there.
      const { rowCount } = await tx.query(
        "INSERT INTO taken (message_id) VALUES ($1) ON CONFLICT DO NOTHING",
        [delivery.messageId],
      );
      if (rowCount === 0) return "told before";
      const { orderNumber, customerId, waybill, parcels } = delivery.json<OrderShipped>();
      const words = `Your order ${orderNumber} is on its way: ${parcels} parcels, waybill ${waybill}.`;
      await tx.query("INSERT INTO notice (order_number, customer_id, words) VALUES ($1, $2, $3)", [
        orderNumber,
        customerId,
        words,
      ]);
      return "told";
    });
}
