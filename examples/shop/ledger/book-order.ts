import type { PoolClient } from "pg";
import { type ReceivedMessage, RejectMessage } from "surelay-consumer";

/** Books an order's revenue, in the transaction that says "handled". @throws RejectMessage */
export async function bookOrder(message: ReceivedMessage, tx: PoolClient): Promise<void> {
  const order = message.payload as { orderNumber?: unknown; totalCents?: unknown } | null;
  if (typeof order?.orderNumber !== "string" || !Number.isInteger(order.totalCents))
    throw new RejectMessage("not an order: its number or its total is missing");
  await tx.query("INSERT INTO entry (order_number, amount_cents) VALUES ($1, $2)", [
    order.orderNumber,
    order.totalCents,
  ]);
}
