import { z } from "zod";
import { listSubscriptions as list } from "../../../services/subscriptions/list-subscriptions.ts";
import { readSubscription as read } from "../../../services/subscriptions/read-subscription.ts";
import { allow } from "../../init.ts";
import { subscriptionKey } from "./subscription-input.ts";

export const listSubscriptions = allow("registry.read").query(({ ctx }) => list(ctx.db));

export const readSubscription = allow("registry.read")
  .input(z.strictObject(subscriptionKey))
  .query(({ ctx, input }) => read(ctx.db, input));
