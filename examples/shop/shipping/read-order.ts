import { RejectMessage } from "surelay-consumer";

/** What shipping reads of an order; whatever else the message holds is none of its business. */
export interface OrderToShip {
  orderNumber: string;
  customerId: string;
  shipTo: { street: string; postcode: string; city: string };
  giftCard?: string;
  lines: { quantity: number }[];
}

/** @throws RejectMessage: no attempt at this message will ever be better; a person has to look, and may mend and resend it */
export function readOrder(payload: unknown): OrderToShip {
  const order = payload as OrderToShip | null;
  const complete =
    typeof order?.orderNumber === "string" &&
    typeof order.customerId === "string" &&
    typeof order.shipTo?.postcode === "string" &&
    Array.isArray(order.lines) &&
    order.lines.every((line) => Number.isInteger(line.quantity));
  if (!complete)
    throw new RejectMessage("not an order: its number, customer, address or lines are missing", {
      type: "NotAnOrder",
    });
  const { postcode, city } = order.shipTo;
  if (!/^(?!00000)[0-9]{5}$/.test(postcode))
    throw new RejectMessage(`No carrier goes to "${postcode} ${city}"`, { type: "UndeliverableAddress" });
  return order;
}
