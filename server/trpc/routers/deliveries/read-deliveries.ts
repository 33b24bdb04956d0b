import { z } from "zod";
import { countDeliveries as count } from "../../../services/deliveries/count-deliveries.ts";
import { listDeliveries as list } from "../../../services/deliveries/list-deliveries.ts";
import { readDeliveryStates as states } from "../../../services/deliveries/read-delivery-states.ts";
import { readLastSuccess as last } from "../../../services/deliveries/read-last-success.ts";
import { allow } from "../../init.ts";
import { deliveryKey, deliveryScope } from "./delivery-input.ts";

export const listDeliveries = allow("message.read")
  .input(z.strictObject({ ...deliveryScope, after: deliveryKey.nullable(), limit: z.int().min(1).max(200) }))
  .query(({ ctx, input }) => list(ctx.db, input));

export const countDeliveries = allow("message.read")
  .input(z.strictObject(deliveryScope))
  .query(({ ctx, input }) => count(ctx.db, input));

/** Where deliveries of a list that stands still are by now. */
export const readDeliveryStates = allow("message.read")
  .input(z.strictObject({ keys: z.array(deliveryKey).max(500) }))
  .query(({ ctx, input }) => states(ctx.db, input.keys));

/** The last message of its kind that the same subscription has handled, to hold a failed one against. */
export const readLastSuccess = allow("payload.read")
  .input(deliveryKey)
  .query(({ ctx, input }) => last(ctx.db, input));
