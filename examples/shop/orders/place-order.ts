import type { Pool, PoolClient } from "pg";
import { v7 as uuidv7 } from "uuid";
import { CommitUnknown, inTransaction } from "../shared/database.ts";
import { retry } from "../shared/retry.ts";
import type { Journal } from "../shared/service.ts";
import type { Message, Surelay } from "../shared/surelay.ts";
import { drawOrder, type Order } from "./draw-order.ts";

const DECLINED_SHARE = 0.1;
/**
 * Of the orders that were committed, some are never confirmed, as if the process had died in just that moment.
 * Their messages stay PREPARED. Once the app `orders` has a check URL, the service asks there what became of them,
 * finds the order's row, and delivers them after all.
 */
const WITHHELD_SHARE = 0.02;

export interface Shop {
  db: Pool;
  surelay: Surelay;
  journal: Journal;
  stop: AbortSignal;
}

class PaymentDeclined extends Error {}

/**
 * One order, in the order of steps that makes its message true: prepare, commit, confirm.
 * The message is delivered if and only if the order was committed.
 */
export async function placeOrder(shop: Shop): Promise<"placed" | "declined" | "withheld" | "unknown"> {
  const { surelay, stop } = shop;
  const persistently = <T>(work: () => Promise<T>) =>
    retry(work, { stop, onFailure: (error) => shop.journal.trouble(error) });

  const order = drawOrder(await persistently(() => nextNumber(shop.db)));
  const messageId = uuidv7();

  // 1. Prepare. The id is ours, so repeating this after a lost answer stores nothing twice. If it cannot be done
  //    there is no order either: nothing has happened yet.
  await persistently(() => surelay.prepare(orderCreated(messageId, order)));

  // 2. The business transaction, with the message's id in it.
  const withheld = Math.random() < WITHHELD_SHARE;
  try {
    await inTransaction(shop.db, (tx) => storeOrder(tx, order, messageId, withheld));
  } catch (error) {
    // Committed or not, nobody here knows. If it was, the row is there and confirm-leftovers.ts will find it.
    if (error instanceof CommitUnknown) return "unknown";
    // 3a. Rolled back: cancel. Should this call not get through, a check-back finds no row, and the message is cancelled.
    await persistently(() => surelay.cancel(messageId));
    if (error instanceof PaymentDeclined) return "declined";
    throw error;
  }
  if (withheld) return "withheld";

  // 3b. Committed: confirm. One attempt; what fails is repeated in the background by confirm-leftovers.ts.
  await surelay.confirm(messageId);
  await shop.db.query("UPDATE orders SET confirmed_at = now() WHERE message_id = $1", [messageId]);
  return "placed";
}

async function nextNumber(db: Pool): Promise<string> {
  const { rows } = await db.query<{ n: string }>("SELECT nextval('order_number') AS n");
  return `ORD-${rows[0]!.n}`;
}

function orderCreated(id: string, order: Order): Message {
  return {
    id,
    topic: "orders.created",
    key: order.customerId, // what concerns one customer stays in order
    type: "shop.order.created",
    businessKey: order.number,
    payload: {
      orderNumber: order.number,
      customerId: order.customerId,
      placedAt: new Date().toISOString(),
      currency: order.currency,
      totalCents: order.totalCents,
      lines: order.lines,
    },
  };
}

async function storeOrder(tx: PoolClient, order: Order, messageId: string, withheld: boolean): Promise<void> {
  await tx.query(
    `INSERT INTO orders (number, customer_id, currency, total_cents, message_id, confirm_withheld)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [order.number, order.customerId, order.currency, order.totalCents, messageId, withheld],
  );
  for (const [i, line] of order.lines.entries())
    await tx.query(
      "INSERT INTO order_line (order_number, line, sku, title, quantity, unit_cents) VALUES ($1, $2, $3, $4, $5, $6)",
      [order.number, i + 1, line.sku, line.title, line.quantity, line.unitCents],
    );
  if (Math.random() < DECLINED_SHARE) throw new PaymentDeclined();
}
