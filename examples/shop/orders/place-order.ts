import type { Pool, PoolClient } from "pg";
import type { Transact } from "surelay-producer";
import { type Address, drawOrder, type Order } from "./draw-order.ts";

const DECLINED_SHARE = 0.1;

/** What orders.created tells: orders.created.schema.json says the same to everybody. */
export interface OrderCreated {
  orderNumber: string;
  customerId: string;
  placedAt: string;
  shipTo: Address;
  giftCard?: string;
  currency: string;
  totalCents: number;
  lines: Order["lines"];
}

/** The topics of this service, with what their messages hold. */
export interface OrderTopics {
  "orders.created": OrderCreated;
}

class PaymentDeclined extends Error {}

/**
 * One order. If this returns "placed" the order stands and its message will be delivered; if it throws or returns
 * "declined", neither is true. Whatever dies in between, `transact` and the check-backs keep it so.
 *
 * @throws what the database or SurelayError says; of its code `outcome_unknown` alone nobody here knows what it means for
 * the order: look for the row, do not place it again
 */
export async function placeOrder(
  db: Pool,
  transact: Transact<OrderTopics, PoolClient>,
): Promise<"placed" | "declined"> {
  const order = drawOrder(await nextNumber(db));
  try {
    await transact(
      {
        topic: "orders.created",
        key: order.customerId, // what concerns one customer stays in order
        type: "shop.order.created",
        businessKey: order.number, // what support will search for
        payload: orderCreated(order),
      },
      (tx, messageId) => storeOrder(tx, order, messageId),
    );
    return "placed";
  } catch (error) {
    if (error instanceof PaymentDeclined) return "declined";
    throw error;
  }
}

async function nextNumber(db: Pool): Promise<number> {
  const { rows } = await db.query<{ n: string }>("SELECT nextval('order_number') AS n");
  return Number(rows[0]!.n);
}

function orderCreated({ number, giftCard, ...order }: Order): OrderCreated {
  return { orderNumber: number, placedAt: new Date().toISOString(), ...order, ...(giftCard && { giftCard }) };
}

async function storeOrder(tx: PoolClient, order: Order, messageId: string): Promise<void> {
  await tx.query(
    "INSERT INTO orders (number, customer_id, currency, total_cents, message_id) VALUES ($1, $2, $3, $4, $5)",
    [order.number, order.customerId, order.currency, order.totalCents, messageId],
  );
  for (const [i, line] of order.lines.entries())
    await tx.query(
      "INSERT INTO order_line (order_number, line, sku, title, quantity, unit_cents) VALUES ($1, $2, $3, $4, $5, $6)",
      [order.number, i + 1, line.sku, line.title, line.quantity, line.unitCents],
    );
  if (Math.random() < DECLINED_SHARE) throw new PaymentDeclined();
}
