import type { Pool } from "pg";
import type { Journal } from "../shared/service.ts";
import { SurelayError, type Surelay } from "../shared/surelay.ts";

interface Shipment {
  waybill: string;
  orderNumber: string;
  customerId: string;
  parcels: number;
  writtenAt: Date;
  messageId: string;
}

const PAGE = 100;
const AT_ONCE = 10;

/**
 * Sends orders.shipped for waybills that were committed. One phase is enough here: the fact is in the database, with
 * the message's id beside it, so a send whose answer was lost is sent again under the same id and stored once.
 *
 * @returns whether there may be more
 */
export async function announceShipments(db: Pool, surelay: Surelay, journal: Journal): Promise<boolean> {
  const { rows } = await db.query<Shipment>(
    `SELECT number AS waybill, order_number AS "orderNumber", customer_id AS "customerId", parcels,
            written_at AS "writtenAt", shipped_message_id AS "messageId"
     FROM waybill WHERE announced_at IS NULL ORDER BY written_at LIMIT ${PAGE}`,
  );
  for (let i = 0; i < rows.length; i += AT_ONCE) {
    const some = rows.slice(i, i + AT_ONCE);
    await Promise.all(some.map((shipment) => announce(surelay, shipment)));
    await db.query("UPDATE waybill SET announced_at = now() WHERE number = ANY($1)", [
      some.map((shipment) => shipment.waybill),
    ]);
    some.forEach(() => journal.count("announced"));
  }
  return rows.length === PAGE;
}

async function announce(surelay: Surelay, shipment: Shipment): Promise<void> {
  const { messageId, writtenAt, ...facts } = shipment;
  try {
    await surelay.send({
      id: messageId,
      topic: "orders.shipped",
      key: shipment.customerId,
      type: "shop.order.shipped",
      businessKey: shipment.orderNumber,
      payload: { ...facts, shippedAt: writtenAt.toISOString() },
    });
  } catch (error) {
    // The id is this row's alone: it was stored, in the form an earlier version of this service gave it.
    if (error instanceof SurelayError && error.code === "id_conflict") return;
    throw error;
  }
}
