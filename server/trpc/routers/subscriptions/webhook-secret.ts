import { z } from "zod";
import { auditActor } from "../../../services/console/audit-origin.ts";
import { rotateSecret } from "../../../services/registry/rotate-secret.ts";
import { showSecret } from "../../../services/registry/show-secret.ts";
import { allow } from "../../init.ts";
import { requiredReason } from "../reason-input.ts";
import { subscriptionKey } from "./subscription-input.ts";

/** A mutation because each look writes to the audit log. */
export const showWebhookSecret = allow("subscription.secret")
  .input(z.strictObject({ ...subscriptionKey, reason: requiredReason }))
  .mutation(({ ctx, input: { topic, name, reason } }) =>
    showSecret(
      ctx.db,
      { topic, subscription: name, master: ctx.outbound.master },
      { ...auditActor(ctx.operator, ctx.origin), reason },
    ),
  );

export const rotateWebhookSecret = allow("subscription.secret")
  .input(z.strictObject({ ...subscriptionKey, seen: z.int().min(1), reason: requiredReason }))
  .mutation(({ ctx, input: { topic, name, seen, reason } }) =>
    rotateSecret(
      ctx.db,
      { topic, subscription: name, master: ctx.outbound.master, seen },
      { ...auditActor(ctx.operator, ctx.origin), reason },
    ),
  );
