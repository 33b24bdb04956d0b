import type { Pool } from "pg";
import { SurelayError, type Surelay } from "../shared/surelay.ts";
import type { Journal } from "../shared/service.ts";

/**
 * Sends orders.shipped for waybills that were committed. One phase is enough here: the fact is in the database, with
 * the message's id beside it, so a send whose answer was lost is sent again under the same id and stored once.
 *
 * @returns whether there may be more
 */
export async function announceShipments(db: Pool, surelay: Surelay, journal: Journal): Promise<boolean> {
  const { rows } = await db.query<{
    number: string;
    orderNumber: string;
    customerId: string;
    parcels: number;
    writtenAt: Date;
    messageId: string;
  }>(
    `SELECT number, order_number AS "orderNumber", customer_id AS "customerId", parcels, written_at AS "writtenAt",
            shipped_message_id AS "messageId"
     FROM waybill WHERE announced_at IS NULL ORDER BY written_at LIMIT 100`,
  );
  for (const { messageId, number, writtenAt, ...shipment } of rows) {
    await surelay
      .send({
        id: messageId,
        topic: "orders.shipped",
        key: shipment.customerId,
        type: "shop.order.shipped",
        businessKey: shipment.orderNumber,
        payload: { waybill: number, ...shipment, shippedAt: writtenAt.toISOString() },
      })
      .catch((error: unknown) => {
        // The id is this row's alone: it was stored, in the form an earlier version of this service gave it.
        if (!(error instanceof SurelayError && error.code === "id_conflict")) throw error;
      });
    await db.query("UPDATE waybill SET announced_at = now() WHERE number = $1", [number]);
    journal.count("announced");
  }
  return rows.length === 100;
}
