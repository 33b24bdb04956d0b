import { z } from "zod";
import { DELIVERY_STATES } from "../../../domain/delivery-state.ts";
import { messageIdInput } from "../messages/message-id.ts";

export const deliveryKey = z.strictObject({
  messageId: messageIdInput,
  subscriptionId: z.int().min(1).max(2_147_483_647),
});

const LONGEST_RANGE_SECONDS = 366 * 86_400;

/** Which deliveries, by names. What does not exist finds nothing. */
export const deliveryScope = {
  states: z.array(z.enum(DELIVERY_STATES)).max(DELIVERY_STATES.length),
  topic: z.string().max(249).nullable(),
  subscription: z.string().max(64).nullable(),
  app: z.string().max(64).nullable(),
  groupId: z
    .string()
    .regex(/^\d{1,18}$/)
    .nullable(),
  withinSeconds: z.int().min(1).max(LONGEST_RANGE_SECONDS).nullable(),
  from: z.date().nullable(),
  to: z.date().nullable(),
  movedBefore: z.date().nullable(),
};
