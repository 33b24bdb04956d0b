import type { Pool, PoolClient } from "pg";
import { v7 as uuidv7 } from "uuid";
import { inTransaction } from "../shared/database.ts";

/** What shipping reads of an order; whatever else the message holds is none of its business. */
interface OrderCreated {
  orderNumber: string;
  customerId: string;
  lines: { quantity: number }[];
}

/**
 * Handles one message, once: Kafka may hand it over again after a crash or a rebalance, and the row in the inbox,
 * committed together with the waybill, says that it was handled.
 */
export async function writeWaybill(
  db: Pool,
  messageId: string,
  value: Buffer | null,
): Promise<"shipped" | "seen before" | "refused"> {
  const order = readOrder(value);
  return inTransaction(db, async (tx) => {
    // Waits while another transaction holds the same id uncommitted, and then finds it there.
    const { rowCount } = await tx.query("INSERT INTO inbox (message_id) VALUES ($1) ON CONFLICT DO NOTHING", [
      messageId,
    ]);
    if (rowCount === 0) return "seen before";
    if (typeof order === "string") {
      await tx.query("INSERT INTO inbox_refused (message_id, reason) VALUES ($1, $2)", [messageId, order]);
      return "refused";
    }
    await storeWaybill(tx, order);
    return "shipped";
  });
}

async function storeWaybill(tx: PoolClient, order: OrderCreated): Promise<void> {
  const pieces = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  await tx.query(
    `INSERT INTO waybill (number, order_number, customer_id, parcels, shipped_message_id)
     VALUES ('WB-' || nextval('waybill_number'), $1, $2, $3, $4)`,
    [order.orderNumber, order.customerId, Math.ceil(pieces / 6), uuidv7()],
  );
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
