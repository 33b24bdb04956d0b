import type { Pool, PoolClient } from "pg";
import { type Outbox, outbox } from "surelay-producer/outbox";
import { pgDatabase } from "surelay-producer/pg";

/** What shipping reads of an order; whatever else the message holds is none of its business. */
interface OrderCreated {
  orderNumber: string;
  customerId: string;
  lines: { quantity: number }[];
}

/** The topics of this service, with what their messages hold. */
interface ShippingTopics {
  "orders.shipped": {
    waybill: string;
    orderNumber: string;
    customerId: string;
    parcels: number;
    shippedAt: string;
  };
}

/** What to do with one message of orders.created. */
export type WriteWaybill = (
  messageId: string,
  value: Buffer | null,
) => Promise<"shipped" | "seen before" | "refused">;

/**
 * Handles each message once: Kafka may hand it over again after a crash or a rebalance, and the row in the inbox,
 * committed together with the waybill, says that it was handled. The message that tells of the shipment is written in the
 * same transaction: a row in the outbox, which Surelay's collector fetches.
 */
export function waybillsOf(db: Pool): WriteWaybill {
  const database = pgDatabase(db);
  const { enqueue } = outbox<PoolClient, ShippingTopics>(database);
  return (messageId, value) => {
    const order = readOrder(value);
    return database.transaction(async (tx) => {
      // Waits while another transaction holds the same id uncommitted, and then finds it there.
      const { rowCount } = await tx.query(
        "INSERT INTO inbox (message_id) VALUES ($1) ON CONFLICT DO NOTHING",
        [messageId],
      );
      if (rowCount === 0) return "seen before";
      if (typeof order === "string") {
        await tx.query("INSERT INTO inbox_refused (message_id, reason) VALUES ($1, $2)", [messageId, order]);
        return "refused";
      }
      await ship(tx, order, enqueue);
      return "shipped";
    });
  };
}

async function ship(
  tx: PoolClient,
  { orderNumber, customerId, lines }: OrderCreated,
  enqueue: Outbox<PoolClient, ShippingTopics>["enqueue"],
): Promise<void> {
  const pieces = lines.reduce((sum, line) => sum + line.quantity, 0);
  const parcels = Math.ceil(pieces / 6);
  const { rows } = await tx.query<{ number: string; written_at: Date }>(
    `INSERT INTO waybill (number, order_number, customer_id, parcels)
     VALUES ('WB-' || nextval('waybill_number'), $1, $2, $3) RETURNING number, written_at`,
    [orderNumber, customerId, parcels],
  );
  const { number: waybill, written_at: writtenAt } = rows[0]!;
  await enqueue(tx, {
    topic: "orders.shipped",
    key: customerId,
    type: "shop.order.shipped",
    businessKey: orderNumber,
    payload: { waybill, orderNumber, customerId, parcels, shippedAt: writtenAt.toISOString() },
  });
}

/** The order, or why it is none. */
function readOrder(value: Buffer | null): OrderCreated | string {
  try {
    const order = JSON.parse(value?.toString("utf8") ?? "") as OrderCreated;
    const complete =
      typeof order.orderNumber === "string" &&
      typeof order.customerId === "string" &&
      Array.isArray(order.lines) &&
      order.lines.every((line) => Number.isInteger(line.quantity));
    return complete ? order : "not an order: orderNumber, customerId or lines are missing";
  } catch (error) {
    return `not JSON: ${(error as Error).message}`.slice(0, 300);
  }
}
