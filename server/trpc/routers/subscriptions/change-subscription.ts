import { z } from "zod";
import { changeSubscription as change } from "../../../services/subscriptions/change-subscription.ts";
import { declareSubscription as declare } from "../../../services/subscriptions/declare-subscription.ts";
import { removeSubscription as remove } from "../../../services/subscriptions/remove-subscription.ts";
import { subscriptionForm } from "../../../services/subscriptions/subscription-form.ts";
import { allow } from "../../init.ts";
import { optionalReason, requiredReason } from "../reason-input.ts";
import { subscriptionKey } from "./subscription-input.ts";

export const declareSubscription = allow("subscription.manage")
  .input(subscriptionForm)
  .mutation(async ({ ctx, input }) => {
    await declare(ctx.db, ctx.broker, input, { actor: ctx.operator, from: ctx.origin });
    return { topic: input.topic, name: input.name };
  });

export const changeSubscription = allow("subscription.manage")
  .input(z.strictObject({ subscription: subscriptionForm, seen: z.date(), reason: optionalReason }))
  .mutation(({ ctx, input: { reason, ...input } }) =>
    change(ctx.db, ctx.broker, input, { actor: ctx.operator, from: ctx.origin, reason }),
  );

export const removeSubscription = allow("subscription.manage")
  .input(z.strictObject({ ...subscriptionKey, reason: requiredReason }))
  .mutation(({ ctx, input: { reason, ...of } }) =>
    remove(ctx.db, of, { actor: ctx.operator, from: ctx.origin, reason }),
  );
