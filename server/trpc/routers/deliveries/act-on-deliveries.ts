import { z } from "zod";
import {
  ACT_LIMIT,
  type DeliveryAction,
  actOnDeliveries as act,
} from "../../../services/deliveries/act-on-deliveries.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { deliveryKey, deliveryScope } from "./delivery-input.ts";

const input = z.strictObject({
  which: z.union([
    z.strictObject({ keys: z.array(deliveryKey).min(1).max(ACT_LIMIT) }),
    /** `movedBefore`: of the count that was shown. `after`: `last` of the call before; null: from the oldest on. */
    z.strictObject({ ...deliveryScope, movedBefore: z.date(), after: deliveryKey.nullable() }),
  ]),
  reason: requiredReason,
});

/** Does it to these deliveries, or to the next of all that match; how many it was done to, and how many were left. */
function acting(permission: "delivery.redrive" | "delivery.discard", action: DeliveryAction) {
  return allow(permission)
    .input(input)
    .mutation(async ({ ctx, input: { which, reason } }) => {
      const by = { actor: ctx.operator, from: ctx.origin, reason };
      const { done, untouched, more, last } = await act(ctx.db, action, which, by);
      return { done: done.length, untouched: untouched.length, more, last };
    });
}

export const redriveDeliveries = acting("delivery.redrive", "redrive");
export const retryDeliveriesNow = acting("delivery.redrive", "retry_now");
export const discardDeliveries = acting("delivery.discard", "discard");
