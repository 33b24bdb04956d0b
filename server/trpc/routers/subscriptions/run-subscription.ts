import { z } from "zod";
import { pauseSubscription as pause } from "../../../services/subscriptions/pause-subscription.ts";
import { resetValve as reset } from "../../../services/deliveries/reset-valve.ts";
import { enableEndpoint as enable } from "../../../services/webhooks/enable-endpoint.ts";
import { testWebhook as test } from "../../../services/webhooks/test-webhook.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { subscriptionKey } from "./subscription-input.ts";

export const pauseSubscription = allow("subscription.control")
  .input(z.strictObject({ ...subscriptionKey, paused: z.boolean(), reason: requiredReason }))
  .mutation(({ ctx, input: { reason, ...change } }) =>
    pause(ctx.db, change, { actor: ctx.operator, from: ctx.origin, reason }),
  );

/** Lets redeliveries go on that were throttled. */
export const resetValve = allow("subscription.control")
  .input(z.strictObject({ ...subscriptionKey, reason: requiredReason }))
  .mutation(async ({ ctx, input: { topic, name, reason } }) => {
    const by = { actor: ctx.operator, from: ctx.origin, reason };
    const { reset: changed } = await reset(ctx.db, { topic, subscription: name }, by);
    return { changed };
  });

/** Has a webhook called again that was disabled. */
export const enableEndpoint = allow("subscription.control")
  .input(z.strictObject({ ...subscriptionKey, reason: requiredReason }))
  .mutation(async ({ ctx, input: { topic, name, reason } }) => {
    const by = { actor: ctx.operator, from: ctx.origin, reason };
    const { enabled } = await enable(ctx.db, { topic, subscription: name }, by);
    return { changed: enabled };
  });

/** A mutation because each try sends a request and leaves an entry in the audit log. */
export const testWebhook = allow("subscription.control")
  .input(z.strictObject(subscriptionKey))
  .mutation(({ ctx, input: { topic, name } }) =>
    test(
      ctx.db,
      { topic, subscription: name, master: ctx.outbound.master, agents: ctx.outbound.agents },
      { actor: ctx.operator, from: ctx.origin },
    ),
  );
